namespace CurvatureMonitor.Contracts.Runs;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    /// <summary>All steps were made.</summary>
    Finished,

    /// <summary>It was asked to stop, and did.</summary>
    Stopped,

    /// <summary>Loss or gradient was not finite any more.</summary>
    Diverged,

    /// <summary>Training could not continue for another reason; <see cref="RunSummary.Failure"/> says which.</summary>
    Failed,
}
