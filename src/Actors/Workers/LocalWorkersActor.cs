using Akka.Actor;
using Akka.Hosting;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Runtime;

namespace CurvatureMonitor.Actors.Workers;

/// <summary>
/// Supervises the curvature actors of this process: one that crashes is restarted, one that stops replaced.
/// </summary>
internal sealed class LocalWorkersActor : ReceiveActor
{
    private readonly WorkerSettings _settings;
    private readonly IActorRef _board;
    private int _hired;

    public LocalWorkersActor(WorkerSettings settings, IActorRef board)
    {
        (_settings, _board) = (settings, board);
        Receive<Terminated>(_ => Hire());
    }

    /// <summary>The recipe of the supervisor.</summary>
    public static Props Props(WorkerSettings settings, IActorRef board) =>
        Akka.Actor.Props.Create(() => new LocalWorkersActor(settings, board));

    // Whatever a job did to the actor, a new instance starts clean. Only one that cannot even be constructed is
    // stopped.
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(cause => cause is ActorInitializationException ? Directive.Stop : Directive.Restart);

    protected override void PreStart()
    {
        for (var i = 0; i < _settings.Actors; i++)
        {
            Hire();
        }
    }

    private void Hire() =>
        Context.Watch(Context.ActorOf(CurvatureActor.Props(_settings, _board), $"curvature-{++_hired}"));
}

/// <summary>Adds the actor to an actor system.</summary>
internal static class LocalWorkersActorHosting
{
    /// <summary>Adds the curvature actors of this process, which work for its board.</summary>
    public static AkkaConfigurationBuilder AddLocalWorkers(
        this AkkaConfigurationBuilder akka,
        WorkerSettings settings
    ) =>
        akka.WithActors(
            (system, registry) =>
                registry.Register<LocalWorkersActor>(
                    system.ActorOf(LocalWorkersActor.Props(settings, registry.Get<BoardActor>()), ActorNames.Workers)
                )
        );
}
