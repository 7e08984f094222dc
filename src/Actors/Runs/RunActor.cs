using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// One run: its trainer or intake, its checkpoints, its jobs. Decides which checkpoint is measured in which way by
/// cadence and overhead budget, keeps at most one waiting checkpoint an analysis (the latest wins), and accounts for
/// every one. It tells <see cref="RunEnded"/> when training has ended and no job is open.
/// </summary>
internal sealed partial class RunActor : ReceiveActor, IWithTimers
{
    private readonly RunContext _context;
    private readonly MonitoringRequest _request;
    private readonly CheckpointLedger _ledger = new();
    private readonly OverheadMeter _overhead;
    private readonly RunTotals _totals = new();
    private readonly RunReplay _replay;

    // Held back by the budget: not offered yet, so replaced here. What is offered is replaced by the dispatcher, which
    // alone knows whether it has begun.
    private readonly Dictionary<AnalysisKind, OpenJob> _held = [];
    private readonly Dictionary<JobId, OpenJob> _offered = [];
    private readonly Dictionary<AnalysisKind, long> _lastOffer = [];
    private IActorRef _trainer = ActorRefs.Nobody;
    private TrainingEnded? _ended;
    private bool _stopping;
    private bool _detached;
    private bool _settled;
    private bool _forgotten;
    private bool _woundUp;
    private long _offers;

    public RunActor(RunContext context)
    {
        _context = context;
        _request = context.Request;
        _overhead = new OverheadMeter(context.Time, _request.OverheadBudget, _request.Analyses[0].Kind);
        _pulse = _request is IntakeRequest { MeasureAll: false, StaleAfter: { } silence }
            ? new TrainerPulse(silence)
            : null;
        _replay = new RunReplay(_ledger, _totals, _pulse);
        Receive<TrainingProgress>(Progressed);
        Receive<CheckpointEmitted>(Emitted);
        Receive<TrainingReport>(Reported);
        Receive<CheckpointSkipped>(Skipped);
        Receive<CheckpointRefused>(Refused);
        Receive<TrainingEnded>(Ended);
        Receive<CheckpointArrived>(ToSource);
        Receive<CheckpointPassed>(ToSource);
        Receive<FinishIntake>(ToSource);
        Receive<JobStarted>(_ => { });
        Receive<Measured>(Measured);
        Receive<JobFailed>(Failed);
        Receive<JobDropped>(Dropped);
        Receive<BudgetRecovered>(_ => OfferHeld());
        Receive<SilenceDue>(_ => FellSilent());
        Receive<StopRun>(_ => StopRun());
        Receive<CancelAllJobs>(_ => _context.Dispatcher.Cancel(Run));
        Receive<AbandonAllJobs>(_ => Abandon());
        Receive<Terminated>(_ =>
            Ended(new TrainingEnded(RunOutcome.Failed, "the trainer stopped without a word", 0, 0))
        );
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private string Run => _request.Run;

    private DateTimeOffset Now => _context.Time.GetUtcNow();

    // A trainer cannot be restarted: it would train again from the beginning.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        var intake = _request as IntakeRequest;
        bool resumed = intake is not null && Resume(intake);

        // Before anybody learns that the run has started: from then on its silence counts.
        Listen();
        if (!resumed)
        {
            Tell(new RunStarted(_context.Description));
        }

        _trainer = Context.ActorOf(_context.Trainer, intake is null ? ActorNames.Trainer : ActorNames.Intake);
        Context.Watch(_trainer);
        _trainer.Tell(
            intake is null
                ? BeginTraining.Instance
                : new BeginIntake(_replay.Taken, [.. _replay.Open.Keys], TakeEvery: _context.Dispatcher.KeepsJobs)
        );
        SettleIfResumed();
    }

    protected override void PostStop()
    {
        foreach (var job in _held.Values.Concat(_offered.Values))
        {
            job.Checkpoint.Dispose();
        }

        Forget();
        _context.Probe.Dispose();
    }

    private void Tell(MonitorEvent monitorEvent) => _context.Metrics.Tell(monitorEvent);

    private void Progressed(TrainingProgress progress)
    {
        _totals.Count(progress.Step, progress.Evaluation);
        Tell(new TrainingProgressed(Run, progress.Time, progress.Step, progress.Evaluation));
    }

    private void Emitted(CheckpointEmitted emitted)
    {
        using var checkpoint = emitted.Checkpoint;
        bool again = _context.Dispatcher.KeepsJobs && _replay.Open.ContainsKey(checkpoint.Step);
        var due = Account(checkpoint.Step, checkpoint.Info.Time, emitted.Final);
        Save(checkpoint);
        foreach (var kind in due)
        {
            var job = new OpenJob(new JobId(Run, checkpoint.Step, kind), checkpoint.Retain(), emitted.Final);
            if (again)
            {
                // It was offered before, and may be under way or done: no question of what it costs, nor of newer ones.
                Offer(job);
            }
            else
            {
                Hold(job);
            }
        }

        OfferHeld();
        TellIfIdle();
        SettleIfResumed();
    }

    /// <summary>Takes a checkpoint into the books, unless an earlier process has done so.</summary>
    /// <returns>The analyses that it is due for.</returns>
    private List<AnalysisKind> Account(long step, DateTimeOffset time, bool final, bool passed = false)
    {
        if (_replay.Open.Remove(step, out var open))
        {
            return [.. open];
        }

        Heard();
        List<AnalysisKind> due = _stopping
            ? []
            :
            [
                .. _request
                    .Analyses.Where(cadence => passed || cadence.IsDue(_ledger.Emitted, final))
                    .Select(cadence => cadence.Kind),
            ];
        Tell(new CheckpointTaken(Run, time, step, final) { Analyses = due });
        TellDropped(step, _ledger.Emit(step, due.Count));
        return due;
    }

    // Here, not in the trainer: a slow disk must not hold up a step.
    private void Save(Checkpoint checkpoint)
    {
        try
        {
            _request.Store?.Put(checkpoint);
        }
        catch (Exception exception) when (exception is BundleException or IOException or UnauthorizedAccessException)
        {
            Tell(new CheckpointNotSaved(Run, Now, checkpoint.Step, exception.Message));
        }
    }

    private void Hold(OpenJob job)
    {
        if (_held.Remove(job.Id.Analysis, out var older))
        {
            Drop(older, DropReason.Superseded);
        }

        _held.Add(job.Id.Analysis, job);
    }

    /// <summary>Offers what the budget allows, the analysis first that was offered longest ago.</summary>
    private void OfferHeld()
    {
        foreach (var job in _held.Values.OrderBy(job => _lastOffer.GetValueOrDefault(job.Id.Analysis)).ToList())
        {
            if (!MayOffer(job))
            {
                continue;
            }

            _held.Remove(job.Id.Analysis);
            Offer(job);
        }

        if (_held.Count > 0 && _offered.Count == 0)
        {
            Timers.StartSingleTimer(
                BudgetRecovered.Instance,
                BudgetRecovered.Instance,
                _held.Keys.Min(_overhead.UntilRoomFor)
            );
        }
    }

    private void Offer(OpenJob job)
    {
        _offered.Add(job.Id, job);
        _lastOffer[job.Id.Analysis] = ++_offers;
        _context.Dispatcher.Offer(
            new AnalyseCheckpoint(job.Id, job.Checkpoint, _context.Probe, _request.Settings),
            Self
        );
    }

    private bool MayOffer(OpenJob job)
    {
        // After the end nothing is left to slow down, and the last state is the one that counts.
        if (!_overhead.Limited || job.Final || _ended is not null || _request is IntakeRequest { MeasureAll: true })
        {
            return true;
        }

        // Under a budget jobs go one by one, since the cost of one decides on the next.
        return _offered.Count == 0 && _overhead.HasRoomFor(job.Id.Analysis);
    }

    private void Measured(Measured measured) => Close(measured.Id, measured.Cost.Seconds, job =>
        {
            _totals.Count(measured);
            TellDropped(measured.Id.Step, _ledger.AnalysisMeasured(measured.Id.Step));
            var limits = _context.Probe.Optimizer.LimitsAt(job.LearningRate);
            Tell(
                new CheckpointMeasured(
                    Run,
                    Now,
                    measured.Id.Step,
                    measured.Id.Analysis,
                    measured.Report.Measurements,
                    limits,
                    StabilityOf(measured, limits),
                    measured.Cost,
                    Math.Max(0, _totals.Step - measured.Id.Step),
                    _overhead.Share
                )
                {
                    Gradient = measured.Report.Gradient,
                    Weights = measured.Report.Weights,
                    ComparedWith = measured.Report.ComparedWith,
                    Outlook = measured.Report.Outlook,
                }
            );
        });

    private void Failed(JobFailed failed) => Close(failed.Id, failed.Seconds, _ =>
        {
            // A job that was given up at the end is no failure of anything: the checkpoint was refused.
            TellDropped(
                failed.Id.Step,
                failed.Reason == JobFailureReason.Cancelled
                    ? _ledger.AnalysisDropped(failed.Id.Step, DropReason.Rejected)
                    : _ledger.AnalysisFailed(failed.Id.Step)
            );
            Tell(
                new AnalysisFailed(
                    Run,
                    Now,
                    failed.Id.Step,
                    failed.Id.Analysis,
                    failed.Reason,
                    failed.Message,
                    failed.Seconds,
                    failed.Attempts,
                    _overhead.Share
                )
            );
        });

    private void Dropped(JobDropped dropped) => Close(dropped.Id, 0, _ =>
        {
            if (dropped.Reason == DropReason.Poison)
            {
                Tell(new RunDegraded(Run, Now, dropped.Id.Step, dropped.Id.Analysis));
            }

            TellDropped(dropped.Id.Step, _ledger.AnalysisDropped(dropped.Id.Step, dropped.Reason));
        });

    private void Drop(OpenJob job, DropReason reason)
    {
        job.Checkpoint.Dispose();
        TellDropped(job.Id.Step, _ledger.AnalysisDropped(job.Id.Step, reason));
    }

    private void TellDropped(long step, DropReason? reason)
    {
        if (reason is { } known)
        {
            Tell(new CheckpointDropped(Run, Now, step, known));
        }
    }

    /// <summary>Takes the answer to a job; a second answer to the same job has no effect.</summary>
    private void Close(JobId id, double seconds, Action<OpenJob> account)
    {
        if (_offered.Remove(id, out var job))
        {
            job.Checkpoint.Dispose();
            _overhead.Add(id.Analysis, seconds);
            account(job);
            OfferHeld();
            TellIfIdle();
            WindUpIfDone();
        }
    }

    private void Ended(TrainingEnded ended)
    {
        if (_ended is null)
        {
            _ended = ended;
            Context.Unwatch(_trainer);
            OfferHeld();
            WindUpIfDone();
        }
    }

    private void StopRun()
    {
        _stopping = true;
        _trainer.Tell(StopTraining.Instance);
        foreach (var job in _held.Values.ToList())
        {
            _held.Remove(job.Id.Analysis);
            Drop(job, DropReason.Rejected);
        }

        if (_context.Dispatcher.KeepsJobs && _request is IntakeRequest)
        {
            // The next process takes the run up again, and gets what was measured meanwhile.
            _detached = true;
            Abandon();
            return;
        }

        _context.Dispatcher.Withdraw(Run);
        WindUpIfDone();
    }

    private void Abandon()
    {
        foreach (var job in _offered.Values.ToList())
        {
            _offered.Remove(job.Id);
            Drop(job, DropReason.Rejected);
        }

        Ended(new TrainingEnded(RunOutcome.Stopped, null, 0, 0));
        WindUpIfDone();
    }

    private void WindUpIfDone()
    {
        if (_woundUp || _ended is null || _held.Count > 0 || _offered.Count > 0)
        {
            return;
        }

        _woundUp = true;

        // Before anybody learns that the run is over, and may start another of its name.
        Forget();
        Tell(new RunEnded(Now, _totals.Summarise(Run, _ended, _ledger, _overhead)));
        Context.Parent.Tell(new RunWoundUp(Run));
        Context.Stop(Self);
    }

    private void Forget()
    {
        if (!_detached && !_forgotten)
        {
            _forgotten = true;
            _context.Dispatcher.Forget(Run);
        }
    }

    private static StabilityRatio? StabilityOf(Measured measured, IReadOnlyList<StabilityLimit> limits)
    {
        if (measured.Report.PreconditionedSharpness is { } preconditioned)
        {
            return StabilityRatio.Of(
                preconditioned,
                limits.FirstOrDefault(limit => limit.Kind == StabilityKind.Preconditioned)
            );
        }

        if (measured.Report.Measurements.OfType<BatchSharpnessMeasurement>().FirstOrDefault() is { } batches)
        {
            return StabilityRatio.Of(
                batches.Sharpness,
                limits.FirstOrDefault(limit => limit.Kind == StabilityKind.Batch)
            );
        }

        var hessian = measured.Report.Measurements.FirstOrDefault(measurement =>
            measurement.Provenance.Operator == OperatorKind.Hessian
        );
        return hessian?.LambdaMax is { } sharpness
            ? StabilityRatio.Of(sharpness, limits.FirstOrDefault(limit => limit.Kind == StabilityKind.Full))
            : null;
    }
}
