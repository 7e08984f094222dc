using Akka.Actor;
using Akka.Hosting;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// Supervises the runs. One whose actor crashes is reported as failed: it cannot be taken up again where it was.
/// </summary>
internal sealed class RunsActor : ReceiveActor
{
    private readonly IActorRef _metrics;
    private readonly TimeProvider _time;
    private readonly Dictionary<IActorRef, string> _runs = [];
    private readonly HashSet<string> _woundUp = new(StringComparer.Ordinal);
    private readonly List<IActorRef> _waiting = [];
    private bool _stopping;
    private long _started;

    public RunsActor(IActorRef metrics, TimeProvider time)
    {
        _metrics = metrics;
        _time = time;
        Receive<StartRun>(Start);
        Receive<ToRun>(ToRun);
        Receive<RunWoundUp>(woundUp => _woundUp.Add(woundUp.Run));
        Receive<Terminated>(terminated => Ended(terminated.ActorRef));
        Receive<StopAllRuns>(_ => StopAll());
        Receive<CancelAllJobs>(Broadcast);
        Receive<AbandonAllJobs>(Broadcast);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Start(StartRun start)
    {
        var description = start.Context.Description;
        if (_stopping)
        {
            _metrics.Tell(new RunStarted(description));
            TellEnded(description.Run, RunOutcome.Stopped, null);
            start.Context.Probe.Dispose();
            return;
        }

        // Names of runs may hold what names of actors may not.
        var run = Context.ActorOf(
            Props.Create(() => new RunActor(start.Context)).CountedAs(ActorNames.Run),
            $"run-{++_started}"
        );
        _runs.Add(Context.Watch(run), description.Run);
    }

    private void ToRun(ToRun toRun)
    {
        foreach (var (actor, run) in _runs)
        {
            // One that is wound up is on its way out; a run of the same name may have taken its place.
            if (run == toRun.Run)
            {
                actor.Tell(toRun.Message);
            }
        }
    }

    private void Ended(IActorRef actor)
    {
        if (_runs.Remove(actor, out var run) && !_woundUp.Remove(run))
        {
            TellEnded(run, RunOutcome.Failed, "the run's actor crashed; see the log");
        }

        AnswerIfStopped();
    }

    private void TellEnded(string run, RunOutcome outcome, string? failure) =>
        _metrics.Tell(
            new RunEnded(
                _time.GetUtcNow(),
                new RunSummary
                {
                    Run = run,
                    Outcome = outcome,
                    Failure = failure,
                }
            )
        );

    private void StopAll()
    {
        _stopping = true;
        _waiting.Add(Sender);
        Broadcast(StopRun.Instance);
        AnswerIfStopped();
    }

    private void Broadcast(object message)
    {
        foreach (var run in _runs.Keys)
        {
            run.Tell(message);
        }
    }

    private void AnswerIfStopped()
    {
        if (_stopping && _runs.Count == 0)
        {
            _waiting.ForEach(asker => asker.Tell(AllRunsStopped.Instance));
            _waiting.Clear();
        }
    }
}

/// <summary>Adds the actor to an actor system.</summary>
internal static class RunsActorHosting
{
    /// <summary>Adds the supervisor of the runs.</summary>
    public static AkkaConfigurationBuilder AddRunsActor(this AkkaConfigurationBuilder akka) =>
        akka.WithActors(
            (system, registry, resolver) =>
                registry.Register<RunsActor>(
                    system.ActorOf(
                        resolver.Props<RunsActor>(registry.Get<MetricsActor>()).CountedAs(ActorNames.Runs),
                        ActorNames.Runs
                    )
                )
        );
}
