using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Sources;

/// <summary>
/// Takes the checkpoints of a run that is trained elsewhere from its bundle, each once, on a thread of its own: a
/// network share that hangs holds up this run alone. Where several have arrived the latest is read and the others are
/// passed over; a run that is over waits for nobody and has all of them read.
/// </summary>
internal sealed class IntakeActor : ReceiveActor
{
    private readonly IntakeRequest _request;
    private readonly CheckpointLayout _layout;
    private readonly RunResources _resources;
    private readonly TimeProvider _time;
    private readonly HashSet<long> _known = [];
    private readonly SortedSet<long> _waiting = [];
    private readonly HashSet<long> _open = [];
    private readonly SortedSet<long> _again = [];
    private FinishIntake? _finish;
    private readonly bool _measureAll;
    private bool _busy;
    private bool _ended;

    public IntakeActor(IntakeRequest request, CheckpointLayout layout, RunResources resources, TimeProvider time)
    {
        (_request, _layout, _resources, _time) = (request, layout, resources, time);
        _measureAll = request.MeasureAll;
        Receive<BeginIntake>(Begin);
        Receive<CheckpointArrived>(arrived => Arrive(arrived.Step));
        Receive<CheckpointPassed>(passed => Pass(passed.Step));
        Receive<TakeNext>(_ => TakeNext());
        Receive<RunIdle>(_ => Idle());
        Receive<FinishIntake>(Finish);
        Receive<StopTraining>(_ => End(RunOutcome.Stopped, null));
    }

    /// <summary>The recipe of the intake of a run.</summary>
    /// <param name="request">The bundle, and how to measure.</param>
    /// <param name="layout">The tensors of its checkpoints.</param>
    /// <param name="resources">Receives the checkpoints.</param>
    /// <param name="time">The clock.</param>
    public static Props Props(
        IntakeRequest request,
        CheckpointLayout layout,
        RunResources resources,
        TimeProvider time
    ) =>
        Akka.Actor.Props.Create(() => new IntakeActor(request, layout, resources, time))
            .Pinned()
            .CountedAs(ActorNames.Intake);

    private void Begin(BeginIntake begin)
    {
        _known.UnionWith(begin.Taken);
        _open.UnionWith(begin.Open);
        (begin.TakeEvery ? _again : _waiting).UnionWith(begin.Open);
        Self.Tell(Messages.TakeNext.Instance);
    }

    private void Arrive(long step)
    {
        if (_known.Add(step))
        {
            _waiting.Add(step);
            Self.Tell(Messages.TakeNext.Instance);
        }
    }

    private void Pass(long step)
    {
        if (_known.Add(step))
        {
            Skip(step, DropReason.Superseded);
        }
    }

    private void Idle()
    {
        _busy = false;
        Self.Tell(Messages.TakeNext.Instance);
    }

    private void TakeNext()
    {
        if (!_ended && _again.Count > 0)
        {
            TakeAgain();
            return;
        }

        if (_ended || _waiting.Count == 0 || (_measureAll && _busy))
        {
            EndIfDone();
            return;
        }

        if (!_measureAll)
        {
            foreach (long step in _waiting.SkipLast(1).ToList())
            {
                _waiting.Remove(step);
                Report(step);
                Skip(step, DropReason.Superseded);
            }
        }

        long next = _waiting.Min;
        _waiting.Remove(next);
        _busy = true;
        Take(next);
        EndIfDone();
    }

    // Each was handed out before, and may be measured by now.
    private void TakeAgain()
    {
        long step = _again.Min;
        _again.Remove(step);
        _busy = true;
        Take(step);
        Self.Tell(Messages.TakeNext.Instance);
    }

    private void Take(long step)
    {
        try
        {
            if (_open.Contains(step) && !_request.Bundle.HasCheckpoint(step))
            {
                Skip(step, DropReason.Missing);
                return;
            }

            var checkpoint = _request.Bundle.ReadCheckpoint(step, _layout);
            try
            {
                RefuseNonFinite(checkpoint);
            }
            catch
            {
                checkpoint.Dispose();
                throw;
            }

            if (!_open.Contains(step))
            {
                Report(checkpoint.Info);
            }

            _resources.Keep(checkpoint);
            Context.Parent.Tell(
                new CheckpointEmitted(
                    checkpoint.Info,
                    Final: _finish is not null && _waiting.Count == 0 && _again.Count == 0
                )
            );
        }
        catch (Exception refused) when (refused is BundleException or OutOfMemoryException)
        {
            Context.Parent.Tell(
                new CheckpointRefused(step, _time.GetUtcNow(), refused.Message.ReplaceLineEndings(" "))
            );
        }
    }

    private void RefuseNonFinite(Checkpoint checkpoint)
    {
        if (checkpoint.FindNonFinite() is { } tensor)
        {
            throw new BundleException(
                _request.Bundle.TensorsPath(checkpoint.Step),
                tensor,
                "holds NaN or an infinity",
                "lower the learning rate or restart from an earlier checkpoint: the training has broken"
            );
        }
    }

    // A checkpoint that is passed over still tells where the training stands.
    private void Report(long step)
    {
        if (_open.Contains(step))
        {
            return;
        }

        try
        {
            Report(_request.Bundle.ReadCheckpointInfo(step));
        }
        catch (BundleException)
        {
            // It is counted as superseded; what its files are like no longer matters.
        }
    }

    private static void Report(CheckpointInfo info) =>
        Context.Parent.Tell(new TrainingReport(info.Step, info.Time, info.Loss, info.LearningRate));

    private void Skip(long step, DropReason reason) =>
        Context.Parent.Tell(new CheckpointSkipped(step, _time.GetUtcNow(), reason));

    private void Finish(FinishIntake finish)
    {
        _finish ??= finish;
        Self.Tell(Messages.TakeNext.Instance);
    }

    private void EndIfDone()
    {
        if (_finish is { } finish && _waiting.Count == 0 && _again.Count == 0)
        {
            End(finish.Outcome, finish.Failure);
        }
    }

    private void End(RunOutcome outcome, string? failure)
    {
        if (!_ended)
        {
            _ended = true;
            Context.Parent.Tell(new TrainingEnded(outcome, failure, 0, 0));
            Context.Stop(Self);
        }
    }
}
