namespace CurvatureMonitor.Actors.Messages;

/// <summary>Starts a run, which waits among the runs to start.</summary>
/// <param name="Run">The run's name.</param>
internal sealed record StartRun(string Run) : IActorMessage;

/// <summary>Ends a run: no more steps, no more jobs; running jobs are waited for.</summary>
internal sealed record StopRun : IActorMessage
{
    public static StopRun Instance { get; } = new();
}

/// <summary>Ends every run, and answers <see cref="AllRunsStopped"/> when the last is wound up.</summary>
internal sealed record StopAllRuns : IActorMessage
{
    public static StopAllRuns Instance { get; } = new();
}

/// <summary>No run is left.</summary>
internal sealed record AllRunsStopped : IActorMessage
{
    public static AllRunsStopped Instance { get; } = new();
}

/// <summary>Cancels the jobs of every run between two curvature products.</summary>
internal sealed record CancelAllJobs : IActorMessage
{
    public static CancelAllJobs Instance { get; } = new();
}

/// <summary>
/// Gives up the jobs that are not answered: every run accounts for them as rejected and reports its end at once.
/// </summary>
internal sealed record AbandonAllJobs : IActorMessage
{
    public static AbandonAllJobs Instance { get; } = new();
}

/// <summary>A run has reported its end and stops.</summary>
/// <param name="Run">The run's name.</param>
internal sealed record RunWoundUp(string Run) : IActorMessage;

/// <summary>The overhead budget allows another job by now.</summary>
internal sealed record BudgetRecovered : IActorMessage
{
    public static BudgetRecovered Instance { get; } = new();
}

/// <summary>A run tells itself that nothing has come from its trainer for too long.</summary>
internal sealed record SilenceDue : IActorMessage
{
    public static SilenceDue Instance { get; } = new();
}
