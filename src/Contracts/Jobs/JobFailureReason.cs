namespace CurvatureMonitor.Contracts.Jobs;

/// <summary>Why a job gave no measurement.</summary>
public enum JobFailureReason
{
    /// <summary>The job's memory budget, or the device's memory, is used up.</summary>
    OutOfMemory,

    /// <summary>An operation of the model lacks the derivative that the analysis needs.</summary>
    UnsupportedOperation,

    /// <summary>Loss, product or result was NaN or infinite.</summary>
    NonFinite,

    /// <summary>The checkpoint's files cannot be used.</summary>
    InvalidCheckpoint,

    /// <summary>The curvature actor crashed, and did so again when the job was retried.</summary>
    Crashed,

    /// <summary>The job took longer than it may.</summary>
    TimedOut,

    /// <summary>The job was given up, because the monitor stops.</summary>
    Cancelled,
}
