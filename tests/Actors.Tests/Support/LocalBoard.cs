using Akka.Actor;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Workers;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>A job board with workers in this process.</summary>
internal static class LocalBoard
{
    public static IActorRef Start(ActorSystem system, WorkerSettings settings, IActorRef events)
    {
        var board = system.ActorOf(BoardActor.Props(new LossPolicy(2), events, settings.Cancellations, settings.Time));
        system.ActorOf(LocalWorkersActor.Props(settings, board));
        return board;
    }
}
