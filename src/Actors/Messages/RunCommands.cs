using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>Starts a run.</summary>
internal sealed record StartRun(RunContext Context);

/// <summary>Ends a run: no more steps, no more jobs; what runs is waited for.</summary>
internal sealed record StopRun
{
    public static StopRun Instance { get; } = new();
}

/// <summary>Ends every run, and answers <see cref="AllRunsStopped"/> when the last is wound up.</summary>
internal sealed record StopAllRuns
{
    public static StopAllRuns Instance { get; } = new();
}

/// <summary>No run is left.</summary>
internal sealed record AllRunsStopped
{
    public static AllRunsStopped Instance { get; } = new();
}

/// <summary>Cancels the jobs of every run between two curvature products.</summary>
internal sealed record CancelAllJobs
{
    public static CancelAllJobs Instance { get; } = new();
}

/// <summary>
/// Gives up what has not come back: every run accounts for it as rejected and reports its end at once.
/// </summary>
internal sealed record AbandonAllJobs
{
    public static AbandonAllJobs Instance { get; } = new();
}

/// <summary>A run has reported its end and stops.</summary>
internal sealed record RunWoundUp(string Run);

/// <summary>The overhead budget allows another job by now.</summary>
internal sealed record BudgetRecovered
{
    public static BudgetRecovered Instance { get; } = new();
}

/// <summary>A run tells itself that nothing has come from its trainer for too long.</summary>
internal sealed record SilenceDue
{
    public static SilenceDue Instance { get; } = new();
}

/// <summary>Somebody learns from now on every event that is kept: that the journal has, where there is one.</summary>
internal sealed record AddKeeper(IMonitorObserver Observer);

/// <summary>Answered by <see cref="Flushed"/> when everything told before has been passed on.</summary>
internal sealed record Flush
{
    public static Flush Instance { get; } = new();
}

/// <summary>The answer to <see cref="Flush"/>.</summary>
internal sealed record Flushed
{
    public static Flushed Instance { get; } = new();
}
