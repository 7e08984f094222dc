using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors;

/// <summary>
/// A run whose checkpoints come from outside. All methods return at once and may be called from any thread.
/// </summary>
public sealed class IntakeHandle
{
    private readonly IActorRef _runs;

    internal IntakeHandle(
        RunDescription description,
        CheckpointLayout layout,
        Task<RunSummary> completion,
        IActorRef runs
    )
    {
        Description = description;
        Layout = layout;
        Completion = completion;
        _runs = runs;
    }

    /// <summary>What the run is.</summary>
    public RunDescription Description { get; }

    /// <summary>The tensors that its checkpoints have.</summary>
    public CheckpointLayout Layout { get; }

    /// <summary>One line about what it asked for and is not measured; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>As that of a <see cref="RunHandle"/>.</summary>
    public Task<RunSummary> Completion { get; }

    /// <summary>A checkpoint is committed in the bundle. Said again of the same step, it has no effect.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="session">The writer's session; null where it is not known.</param>
    /// <param name="again">Whether it was refused before and its files have changed: then it is tried again.</param>
    public void Arrived(long step, string? session = null, bool again = false) =>
        Tell(new CheckpointArrived(Description.Run, step, session, again));

    /// <summary>
    /// The training was taken up again from an earlier step: what came from that step on is another branch's, and may
    /// come again.
    /// </summary>
    /// <param name="step">The first step of the new branch.</param>
    public void Branched(long step) => Tell(new BranchBegun(Description.Run, step));

    /// <summary>
    /// A checkpoint was offered that came too late to be measured; it is counted, and its files are not needed.
    /// </summary>
    /// <param name="step">Its step.</param>
    public void Superseded(long step) => Tell(new CheckpointPassed(Description.Run, step));

    /// <summary>No more checkpoints come. Those that have arrived are measured still.</summary>
    /// <param name="failure">One line: why the training failed; null where it did not.</param>
    public void Finish(string? failure = null) =>
        Tell(
            new FinishIntake(Description.Run, failure is null ? RunOutcome.Finished : RunOutcome.Failed, failure)
        );

    private void Tell(IIntakeMessage message) => _runs.Tell(message, ActorRefs.NoSender);
}
