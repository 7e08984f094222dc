using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Metrics;

/// <summary>The values that labels take, as they appear in the exposition.</summary>
public static class KnownLabels
{
    /// <summary>The analyses: values of <c>analysis</c>.</summary>
    public static IReadOnlyList<string> Analyses { get; } =
    ["sharpness", "spectrum", "gradient", "trace", "variance", "tracking", "batch_sharpness"];

    /// <summary>The operators: values of <c>operator</c>.</summary>
    public static IReadOnlyList<string> Operators { get; } = ["hessian", "ggn", "residual"];

    /// <summary>The kinds of sharpness that a stability limit is compared with: values of <c>kind</c>.</summary>
    public static IReadOnlyList<string> StabilityKinds { get; } = ["full", "batch", "preconditioned"];

    /// <summary>Why jobs fail: values of <c>reason</c> on failures.</summary>
    public static IReadOnlyList<string> FailureReasons { get; } =
    ["out_of_memory", "unsupported_operation", "non_finite", "invalid_checkpoint", "crashed", "timed_out"];

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
