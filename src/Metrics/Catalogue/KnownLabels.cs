using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>The values that labels take, as they appear in the exposition.</summary>
public static class KnownLabels
{
    /// <summary>The text of a state.</summary>
    /// <param name="state">The state.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public static string Text(RunState state) =>
        state switch
        {
            RunState.Running => "running",
            RunState.Finished => "finished",
            RunState.Failed => "failed",
            RunState.Stale => "stale",
            RunState.Diverged => "diverged",
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
        };

    /// <summary>The text of a reason.</summary>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public static string Text(DropReason reason) =>
        reason switch
        {
            DropReason.Superseded => "superseded",
            DropReason.Rejected => "rejected",
            DropReason.Expired => "expired",
            DropReason.Missing => "missing",
            DropReason.Poison => "poison",
            DropReason.SpoolFull => "spool_full",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };

    /// <summary>The text of why a job gave no measurement.</summary>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public static string Text(JobFailureReason reason) =>
        reason switch
        {
            JobFailureReason.OutOfMemory => "out_of_memory",
            JobFailureReason.UnsupportedOperation => "unsupported_operation",
            JobFailureReason.NonFinite => "non_finite",
            JobFailureReason.InvalidCheckpoint => "invalid_checkpoint",
            JobFailureReason.Crashed => "crashed",
            JobFailureReason.TimedOut => "timed_out",
            JobFailureReason.Cancelled => "cancelled",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
        };

    /// <summary>The text of an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration.</exception>
    public static string Text(JobOutcome outcome) =>
        outcome switch
        {
            JobOutcome.Ok => "ok",
            JobOutcome.Failed => "failed",
            JobOutcome.Timeout => "timeout",
            JobOutcome.Cancelled => "cancelled",
            JobOutcome.Duplicate => "duplicate",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        };
}
