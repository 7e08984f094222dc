using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// One run: a thin shell around <see cref="MonitoredRun"/> that supervises its trainer or intake and passes messages.
/// It trains; once told to stop it stops; once its source has ended it finishes; it ends when no job is open.
/// </summary>
internal sealed class RunActor : ReceiveActor, IWithTimers
{
    private readonly RunContext _context;
    private readonly RunServices _services;
    private readonly IntakeRequest? _intake;
    private readonly MonitoredRun _run;
    private readonly TrainerPulse? _pulse;
    private IActorRef _source = ActorRefs.Nobody;
    private bool _settled;
    private bool _released;

    public RunActor(RunContext context, RunServices services)
    {
        (_context, _services) = (context, services);
        _intake = context.Request as IntakeRequest;
        _run = new MonitoredRun(context.Request, context.Resources, services.Dispatcher.KeepsJobs, services.Time);
        _pulse = _intake is { MeasureAll: false, StaleAfter: { } silence } ? new TrainerPulse(silence) : null;
        Training();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private string Run => _context.Request.Run;

    private DateTimeOffset Now => _services.Time.GetUtcNow();

    /// <summary>The recipe of a run's actor.</summary>
    public static Props Props(RunContext context, RunServices services) =>
        Akka.Actor.Props.Create(() => new RunActor(context, services)).CountedAs(ActorNames.Run);

    // A trainer cannot be restarted: it would train again from the beginning.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        bool resumed = Resume();

        // Before anybody learns that the run has started: from then on its silence counts.
        Listen();
        if (!resumed)
        {
            Publish(new RunStarted(_context.Description));
        }

        _source = Context.ActorOf(_context.Source, _intake is null ? ActorNames.Trainer : ActorNames.Intake);
        Context.Watch(_source);
        _source.Tell(
            _intake is null
                ? BeginTraining.Instance
                : new BeginIntake(
                    [.. _run.Ledger.Taken],
                    [.. _run.Ledger.LeftOpen],
                    TakeEvery: _services.Dispatcher.KeepsJobs
                )
        );
        SettleIfResumed();
    }

    protected override void PostStop()
    {
        Release(forget: true);
        _services.Resources.Close(_context.Resources);
        _context.Resources.Probe.Dispose();
    }

    /// <summary>The source trains, or takes in checkpoints.</summary>
    private void Training()
    {
        ReceiveFromSource(stopping: false);
        ReceiveAnswers();
        Receive<SilenceDue>(_ => FellSilent());
        Receive<StopRun>(_ => Stop());
    }

    /// <summary>The source was told to stop: what it has emitted meanwhile is counted, and not measured.</summary>
    private void Stopping()
    {
        ReceiveFromSource(stopping: true);
        ReceiveAnswers();
    }

    /// <summary>The source has ended: open jobs are finished.</summary>
    private void Finishing()
    {
        ReceiveAnswers();
        Receive<StopRun>(_ => StopJobs());
    }

    private void ReceiveFromSource(bool stopping)
    {
        Receive<TrainingProgress>(made => Do(_run.Progress(made)));
        Receive<TrainingReport>(report => Do(_run.Report(report)));
        Receive<TrainingBranched>(Branched);
        Receive<CheckpointEmitted>(emitted => Came(emitted.Info.Step, stopping, () => _run.Emit(emitted, stopping)));
        Receive<CheckpointSkipped>(skipped => Came(skipped.Step, stopping, () => _run.Skip(skipped, stopping)));
        Receive<CheckpointRefused>(refused => Came(refused.Step, stopping, () => _run.Refuse(refused, stopping)));
        Receive<TrainingEnded>(Ended);
        Receive<Terminated>(_ =>
            Ended(new TrainingEnded(RunOutcome.Failed, "the trainer stopped and gave no reason", 0, 0))
        );
        Receive<IIntakeMessage>(message => _source.Tell(message));
    }

    private void ReceiveAnswers()
    {
        Receive<JobStarted>(_ => { });
        Receive<JobAnswer>(answer => Settle(_run.Answer(answer)));
        Receive<BudgetRecovered>(_ => Settle(_run.OfferHeld()));
        Receive<CancelAllJobs>(_ => _services.Dispatcher.Cancel(Run));
        Receive<AbandonAllJobs>(_ => Abandon(forget: true));
    }

    /// <summary>Continues from where an earlier process was.</summary>
    /// <returns>Whether there was one.</returns>
    private bool Resume()
    {
        List<MonitorEvent> history = [.. (_intake?.History ?? []).Where(past => past is not RunEnded)];
        history.ForEach(past => _services.Events.Tell(new Replay(past, ToMetrics: true)));
        Do(_run.Resume(history));
        return history.Count > 0;
    }

    private void Came(long step, bool stopping, Func<RunEffects> take)
    {
        // A checkpoint that an earlier process left open says nothing new of the trainer.
        if (!stopping && !_run.Ledger.LeftOpen.Contains(step))
        {
            Heard();
        }

        Settle(take());
        SettleIfResumed();
    }

    private void Branched(TrainingBranched branched)
    {
        // What waits elsewhere would be taken for newer than what comes now.
        _services.Dispatcher.Withdraw(Run);
        Settle(_run.BeginBranch(branched));
        SettleIfResumed();
    }

    private void Ended(TrainingEnded ended)
    {
        Context.Unwatch(_source);
        Timers.Cancel(SilenceDue.Instance);
        Become(Finishing);
        Settle(_run.End(ended));
    }

    private void Stop()
    {
        Timers.Cancel(SilenceDue.Instance);
        _source.Tell(StopTraining.Instance);
        Become(Stopping);
        StopJobs();
    }

    private void StopJobs()
    {
        Do(_run.RejectHeld());
        if (_services.Dispatcher.KeepsJobs && _intake is not null)
        {
            // The next process takes the run up again, and gets what was measured meanwhile.
            Abandon(forget: false);
            return;
        }

        _services.Dispatcher.Withdraw(Run);
        EndIfDone();
    }

    private void Abandon(bool forget)
    {
        Do(_run.RejectOffered());
        Do(_run.End(new TrainingEnded(RunOutcome.Stopped, null, 0, 0)));
        Do(_run.RejectHeld());
        End(forget);
    }

    private void EndIfDone()
    {
        if (_run.IsDone)
        {
            End(forget: true);
        }
    }

    private void End(bool forget)
    {
        if (!_released)
        {
            // Before anybody learns that the run is over, and may start another of its name.
            Release(forget);
            Publish(_run.Summarise());
            Context.Parent.Tell(new RunWoundUp(Run));
            Context.Stop(Self);
        }
    }

    private void Release(bool forget)
    {
        if (!_released && forget)
        {
            _services.Dispatcher.Forget(Run);
        }

        _released = true;
    }

    /// <summary>Something new has come from the trainer.</summary>
    private void Heard()
    {
        Do(RunEffects.Of(_run.Ledger.Hear(Now)));
        _pulse?.Beat(Now);
        Listen();
    }

    // A trainer elsewhere that dies says nothing. One in this process is watched, and needs no such guess.
    private void Listen()
    {
        if (_pulse is not null && !_run.Ledger.IsSilent)
        {
            Timers.StartSingleTimer(SilenceDue.Instance, SilenceDue.Instance, _pulse.Timeout);
        }
    }

    private void FellSilent()
    {
        if (_pulse is not null && !_run.Ledger.IsSilent)
        {
            Do(RunEffects.Of(_run.Ledger.Record(new TrainerSilent(Run, Now, _pulse.Timeout.TotalSeconds))));
        }
    }

    private void SettleIfResumed()
    {
        if (!_settled && _run.Ledger.LeftOpen.Count == 0)
        {
            _settled = true;
            _services.Dispatcher.Settled(Run);
        }
    }

    /// <summary>Does what has to be done, and whatever follows from there being fewer or other jobs.</summary>
    private void Settle(RunEffects effects)
    {
        Do(effects);
        if (_run.Wait is { } wait)
        {
            Timers.StartSingleTimer(BudgetRecovered.Instance, BudgetRecovered.Instance, wait);
        }

        if (_intake is not null && _run.IsIdle)
        {
            _source.Tell(RunIdle.Instance);
        }

        EndIfDone();
    }

    private void Do(RunEffects effects)
    {
        foreach (var happened in effects.Events)
        {
            Publish(happened);
        }

        foreach (var job in effects.Offers)
        {
            _services.Dispatcher.Offer(new AnalyseCheckpoint(job, _context.Request.Settings), Self);
        }
    }

    private void Publish(MonitorEvent happened) => _services.Events.Tell(happened);
}
