using Akka.Actor;
using Akka.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>
/// Supervises the runs. One whose actor crashes is reported as failed: it cannot be taken up again where it was.
/// </summary>
internal sealed class RunsActor : ReceiveActor
{
    private readonly RunsToStart _toStart;
    private readonly RunServices _services;
    private readonly Dictionary<IActorRef, string> _runs = [];
    private readonly HashSet<string> _woundUp = new(StringComparer.Ordinal);
    private readonly List<IActorRef> _waiting = [];
    private bool _stopping;
    private long _started;

    public RunsActor(RunsToStart toStart, RunServices services)
    {
        (_toStart, _services) = (toStart, services);
        Receive<StartRun>(Start);
        Receive<IIntakeMessage>(Forward);
        Receive<RunWoundUp>(woundUp => _woundUp.Add(woundUp.Run));
        Receive<Terminated>(terminated => Ended(terminated.ActorRef));
        Receive<StopAllRuns>(_ => StopAll());
        Receive<CancelAllJobs>(Broadcast);
        Receive<AbandonAllJobs>(Broadcast);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Start(StartRun start)
    {
        if (_toStart.Take(start.Run) is not { } context)
        {
            return;
        }

        if (_stopping)
        {
            _services.Events.Tell(new RunStarted(context.Description));
            TellEnded(start.Run, RunOutcome.Stopped, null);
            _services.Resources.Close(context.Resources);
            context.Resources.Probe.Dispose();
            return;
        }

        // Names of runs may hold what names of actors may not.
        var run = Context.ActorOf(RunActor.Props(context, _services), $"run-{++_started}");
        _runs.Add(Context.Watch(run), start.Run);
    }

    private void Forward(IIntakeMessage message)
    {
        foreach (var (actor, run) in _runs)
        {
            // One that is wound up is on its way out; a run of the same name may have taken its place.
            if (run == message.Run)
            {
                actor.Tell(message);
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
        _services.Events.Tell(
            new RunEnded(
                _services.Time.GetUtcNow(),
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
                    system.ActorOf(resolver.Props<RunsActor>().CountedAs(ActorNames.Runs), ActorNames.Runs)
                )
        );
}
