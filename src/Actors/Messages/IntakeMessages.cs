using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A message for the source of a run; lost where no run of that name is under way.</summary>
internal interface IIntakeMessage : IActorMessage
{
    /// <summary>The run's name.</summary>
    string Run { get; }
}

/// <summary>A checkpoint is committed in the bundle.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Step">Its step.</param>
/// <param name="Session">The writer's session; null where it is not known.</param>
/// <param name="Again">Whether it was refused before, and its files have changed.</param>
internal sealed record CheckpointArrived(string Run, long Step, string? Session = null, bool Again = false)
    : IIntakeMessage;

/// <summary>A training was taken up again from an earlier step: what came from there on is another branch's.</summary>
internal sealed record BranchBegun(string Run, long Step) : IIntakeMessage;

/// <summary>A checkpoint was offered too late to be measured, and was not kept.</summary>
internal sealed record CheckpointPassed(string Run, long Step) : IIntakeMessage;

/// <summary>No more checkpoints come.</summary>
internal sealed record FinishIntake(string Run, RunOutcome Outcome, string? Failure) : IIntakeMessage;

/// <summary>The program that trains has put something in the feed of its run.</summary>
internal sealed record FeedFilled(string Run) : IIntakeMessage;

/// <summary>Makes an intake begin.</summary>
/// <param name="Taken">The steps that were taken before, and must not be taken again.</param>
/// <param name="Open">Those of them that are not accounted for yet: they are taken up again.</param>
/// <param name="TakeEvery">Whether every open one is, the oldest first, and not the latest alone.</param>
internal sealed record BeginIntake(
    IReadOnlyCollection<long> Taken,
    IReadOnlyCollection<long> Open,
    bool TakeEvery = false
) : IActorMessage;

/// <summary>An intake tells itself to take the next checkpoint, so that more may arrive before it chooses.</summary>
internal sealed record TakeNext : IActorMessage
{
    public static TakeNext Instance { get; } = new();
}

/// <summary>A run has no open job: its intake may emit another checkpoint without any being superseded.</summary>
internal sealed record RunIdle : IActorMessage
{
    public static RunIdle Instance { get; } = new();
}

/// <summary>A checkpoint tells where the training is.</summary>
internal sealed record TrainingReport(long Step, DateTimeOffset Time, double? Loss, double? LearningRate)
    : IActorMessage
{
    /// <summary>The optimiser at that step; null where it is not told.</summary>
    public OptimizerState? Optimizer { get; init; }

    /// <summary>Samples of a batch at that step; null where it is that of the run.</summary>
    public long? BatchSize { get; init; }

    /// <summary>How far the measured program is from the model; null where that is not told.</summary>
    public double? Difference { get; init; }
}

/// <summary>An intake has forgotten what it knew from a step on: a new branch of the run begins there.</summary>
internal sealed record TrainingBranched(long Step, DateTimeOffset Time) : IActorMessage;

/// <summary>A checkpoint will not be read.</summary>
internal sealed record CheckpointSkipped(long Step, DateTimeOffset Time, DropReason Reason) : IActorMessage
{
    /// <summary>The writer's session; null where it is not known.</summary>
    public string? Session { get; init; }
}

/// <summary>A checkpoint cannot be used.</summary>
internal sealed record CheckpointRefused(long Step, DateTimeOffset Time, string Message) : IActorMessage
{
    /// <summary>The writer's session; null where it is not known.</summary>
    public string? Session { get; init; }

    /// <summary>Whether it was refused before, and its files have changed since.</summary>
    public bool Again { get; init; }

    /// <summary>The parameter or buffer that is not finite; null where that is not why.</summary>
    public string? NonFinite { get; init; }
}
