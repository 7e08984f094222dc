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
    private readonly Dictionary<long, string> _sessions = [];
    private readonly HashSet<long> _retried = [];
    private FinishIntake? _finish;
    private readonly bool _measureAll;
    private bool _busy;
    private bool _ended;

    public IntakeActor(IntakeRequest request, CheckpointLayout layout, RunResources resources, TimeProvider time)
    {
        (_request, _layout, _resources, _time) = (request, layout, resources, time);
        _measureAll = request.MeasureAll;
        Receive<BeginIntake>(Begin);
        Receive<CheckpointArrived>(Arrive);
        Receive<BranchBegun>(begun => Branch(begun.Step));
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

    private void Arrive(CheckpointArrived arrived)
    {
        long step = arrived.Step;
        if (arrived.Session is { } session)
        {
            _sessions[step] = session;
        }

        if (_known.Add(step) || arrived.Again)
        {
            if (arrived.Again)
            {
                _retried.Add(step);
                _open.Remove(step);
            }

            _waiting.Add(step);
            Self.Tell(Messages.TakeNext.Instance);
        }
    }

    // The run's actor hears of it before any checkpoint of the new branch; what it has open it gives up then.
    private void Branch(long from)
    {
        foreach (long step in _known.Where(step => step >= from).ToList())
        {
            _resources.Release(step);
        }

        foreach (ISet<long> steps in new ISet<long>[] { _known, _waiting, _open, _again, _retried })
        {
            steps.ExceptWith(steps.Where(step => step >= from).ToList());
        }

        _busy = false;
        Context.Parent.Tell(new TrainingBranched(from, _time.GetUtcNow()));
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

            // Before anything is said of its tensors: a training that has broken still tells where it is.
            if (!_open.Contains(step) && !_retried.Contains(step))
            {
                Report(checkpoint.Info);
            }

            if (checkpoint.FindNonFinite() is { } tensor)
            {
                checkpoint.Dispose();
                Refuse(step, NonFinite(step, tensor).Message, tensor);
                return;
            }

            _resources.Keep(checkpoint);
            Context.Parent.Tell(
                new CheckpointEmitted(
                    checkpoint.Info,
                    Final: _finish is not null && _waiting.Count == 0 && _again.Count == 0
                )
                {
                    Again = _retried.Remove(step),
                }
            );
        }
        catch (Exception refused) when (refused is BundleException or OutOfMemoryException)
        {
            Refuse(step, refused.Message);
        }
    }

    private void Refuse(long step, string message, string? nonFinite = null) =>
        Context.Parent.Tell(
            new CheckpointRefused(step, _time.GetUtcNow(), message.ReplaceLineEndings(" "))
            {
                Session = _sessions.GetValueOrDefault(step),
                Again = _retried.Remove(step),
                NonFinite = nonFinite,
            }
        );

    private BundleException NonFinite(long step, string tensor) =>
        new(
            _request.Bundle.TensorsPath(step),
            tensor,
            "holds NaN or an infinity",
            "lower the learning rate or restart from an earlier checkpoint: the training has broken"
        );

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
        Context.Parent.Tell(
            new TrainingReport(info.Step, info.Time, info.Loss, info.LearningRate)
            {
                Optimizer = info.Optimizer,
                BatchSize = info.BatchSize,
                Difference = info.Difference,
            }
        );

    private void Skip(long step, DropReason reason) =>
        Context.Parent.Tell(
            new CheckpointSkipped(step, _time.GetUtcNow(), reason) { Session = _sessions.GetValueOrDefault(step) }
        );

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
