using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>Makes a trainer begin.</summary>
internal sealed record BeginTraining : IActorMessage
{
    public static BeginTraining Instance { get; } = new();
}

/// <summary>
/// A trainer tells itself to make the next step, so that other messages get their turn between two steps.
/// </summary>
internal sealed record MakeStep : IActorMessage
{
    public static MakeStep Instance { get; } = new();
}

/// <summary>Makes a trainer or an intake end after its current step.</summary>
internal sealed record StopTraining : IActorMessage
{
    public static StopTraining Instance { get; } = new();
}

/// <summary>A trainer made a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Evaluation">Loss and accuracy on the test data after it, where they were evaluated.</param>
/// <param name="Time">When.</param>
internal sealed record TrainingProgress(TrainingStep Step, Evaluation? Evaluation, DateTimeOffset Time)
    : IActorMessage;

/// <summary>A trainer or an intake has a checkpoint, which is in the run's resources, and continues.</summary>
/// <param name="Info">Step, time, loss and learning rate.</param>
/// <param name="Final">Whether no more will come.</param>
internal sealed record CheckpointEmitted(CheckpointInfo Info, bool Final) : IActorMessage
{
    /// <summary>Whether it was refused before, and its files have changed since.</summary>
    public bool Again { get; init; }
}

/// <summary>A trainer or an intake is done; the last of its messages.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Failure">One line: why it failed; null where it did not.</param>
/// <param name="StepSeconds">Time spent in steps.</param>
/// <param name="EmittingSeconds">Time spent in snapshots.</param>
internal sealed record TrainingEnded(RunOutcome Outcome, string? Failure, double StepSeconds, double EmittingSeconds)
    : IActorMessage;
