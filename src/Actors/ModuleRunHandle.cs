using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Sources;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors;

/// <summary>
/// A run that the program trains itself. All methods return at once, may be called from any thread, and do nothing once
/// the run is over.
/// </summary>
public sealed class ModuleRunHandle
{
    private readonly CheckpointFeed _feed;
    private readonly IActorRef _runs;
    private readonly TimeProvider _time;

    internal ModuleRunHandle(
        RunDescription description,
        CheckpointLayout layout,
        Task<RunSummary> completion,
        CheckpointFeed feed,
        IActorRef runs,
        TimeProvider time
    )
    {
        (Description, Layout, Completion) = (description, layout, completion);
        (_feed, _runs, _time) = (feed, runs, time);
    }

    /// <summary>What the run is.</summary>
    public RunDescription Description { get; }

    /// <summary>The tensors that its checkpoints have.</summary>
    public CheckpointLayout Layout { get; }

    /// <summary>As that of a <see cref="RunHandle"/>.</summary>
    public Task<RunSummary> Completion { get; }

    /// <summary>Whether the run still takes checkpoints.</summary>
    public bool IsOpen => _feed.IsOpen;

    /// <summary>The training made a step. Steps that come faster than they are published are summed up.</summary>
    /// <param name="step">Its number, 1 for the first.</param>
    /// <param name="loss">The loss; null where it is not known or not finite.</param>
    /// <param name="learningRate">η; null where it is not known.</param>
    public void Report(long step, double? loss, double? learningRate) =>
        WakeIf(_feed.Put(new TrainingReport(step, _time.GetUtcNow(), loss, learningRate)));

    /// <summary>Emits a checkpoint of the run's layout, which passes to the run.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="final">Whether no more will come.</param>
    public void Emit(Checkpoint checkpoint, bool final) => WakeIf(_feed.Put(checkpoint, final, _time));

    /// <summary>A checkpoint could not be made.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="reason">One line: why.</param>
    public void Refuse(long step, string reason) =>
        WakeIf(_feed.Put(new CheckpointRefused(step, _time.GetUtcNow(), reason)));

    /// <summary>The training has ended. What is emitted is measured still.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="failure">One line: why it failed; null where it did not.</param>
    /// <param name="trainingSeconds">Time spent in training.</param>
    /// <param name="emittingSeconds">Time spent in snapshots.</param>
    public void End(RunOutcome outcome, string? failure, double trainingSeconds, double emittingSeconds) =>
        WakeIf(_feed.Put(new TrainingEnded(outcome, failure, trainingSeconds, emittingSeconds)));

    private void WakeIf(bool wake)
    {
        if (wake)
        {
            _runs.Tell(new FeedFilled(Description.Run), ActorRefs.NoSender);
        }
    }
}
