using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Sources;

/// <summary>
/// Takes the checkpoints of a training that the program makes itself from its feed, on a thread of its own: what it
/// takes to look at them is not the training's time.
/// </summary>
internal sealed class FeedActor : ReceiveActor
{
    private readonly CheckpointFeed _feed;
    private readonly RunResources _resources;
    private bool _ended;

    public FeedActor(CheckpointFeed feed, RunResources resources)
    {
        (_feed, _resources) = (feed, resources);
        Receive<BeginTraining>(_ => Take());
        Receive<FeedFilled>(_ => Take());
        Receive<StopTraining>(_ => End(new TrainingEnded(RunOutcome.Stopped, null, 0, 0)));
    }

    /// <summary>The recipe of the source of a run.</summary>
    /// <param name="feed">The training puts there what it has.</param>
    /// <param name="resources">Receives the checkpoints.</param>
    public static Props Props(CheckpointFeed feed, RunResources resources) =>
        Akka.Actor.Props.Create(() => new FeedActor(feed, resources)).Pinned().CountedAs(ActorNames.Trainer);

    protected override void PostStop() => _feed.Dispose();

    private void Take()
    {
        if (_ended)
        {
            return;
        }

        var content = _feed.Take();
        foreach (object message in content.Skipped.Concat<object>(content.Refused))
        {
            Context.Parent.Tell(message);
        }

        if (content.Report is { } report)
        {
            Context.Parent.Tell(report);
        }

        Emit(content);
        if (content.Ended is { } ended)
        {
            End(ended);
        }
    }

    private void Emit(FeedContent content)
    {
        if (content.Checkpoint is not { } checkpoint)
        {
            return;
        }

        if (checkpoint.FindNonFinite() is { } tensor)
        {
            checkpoint.Dispose();
            Context.Parent.Tell(
                new CheckpointRefused(
                    checkpoint.Step,
                    checkpoint.Info.Time,
                    $"{tensor} holds NaN or an infinity at step {checkpoint.Step}: lower the learning rate"
                )
                {
                    NonFinite = tensor,
                }
            );
            return;
        }

        _resources.Keep(checkpoint);
        Context.Parent.Tell(new CheckpointEmitted(checkpoint.Info, content.Final));
    }

    private void End(TrainingEnded ended)
    {
        if (!_ended)
        {
            _ended = true;
            Context.Parent.Tell(ended);
            Context.Stop(Self);
        }
    }
}
