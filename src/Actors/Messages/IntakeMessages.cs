using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A message for the run of that name; lost where none is under way.</summary>
internal sealed record ToRun(string Run, object Message);

/// <summary>Makes an intake begin.</summary>
/// <param name="Taken">The steps that were taken before, and must not be taken again.</param>
/// <param name="Open">Those of them that are not accounted for yet: they are taken up again.</param>
/// <param name="TakeEvery">Whether every open one is, the oldest first, and not the latest alone.</param>
internal sealed record BeginIntake(IReadOnlySet<long> Taken, IReadOnlyCollection<long> Open, bool TakeEvery = false);

/// <summary>A checkpoint is committed in the bundle.</summary>
internal sealed record CheckpointArrived(long Step);

/// <summary>A checkpoint was offered too late to be measured, and was not kept.</summary>
internal sealed record CheckpointPassed(long Step);

/// <summary>No more checkpoints come.</summary>
internal sealed record FinishIntake(RunOutcome Outcome, string? Failure);

/// <summary>An intake tells itself to take the next checkpoint, so that more may arrive before it chooses.</summary>
internal sealed record TakeNext
{
    public static TakeNext Instance { get; } = new();
}

/// <summary>What a checkpoint says of the training.</summary>
internal sealed record TrainingReport(long Step, DateTimeOffset Time, double? Loss, double? LearningRate);

/// <summary>A checkpoint will not be read.</summary>
internal sealed record CheckpointSkipped(long Step, DateTimeOffset Time, DropReason Reason);

/// <summary>A checkpoint cannot be used.</summary>
internal sealed record CheckpointRefused(long Step, DateTimeOffset Time, string Message);

/// <summary>A run has no open job: its source may emit another checkpoint without any being superseded.</summary>
internal sealed record RunIdle
{
    public static RunIdle Instance { get; } = new();
}

/// <summary>An event of an earlier process is told again.</summary>
/// <param name="Event">The event.</param>
/// <param name="ToMetrics">Whether the metrics learn it, and not the observers alone.</param>
internal sealed record Replay(MonitorEvent Event, bool ToMetrics);
