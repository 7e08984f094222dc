using Akka.Actor;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Resources;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>The services of every run's actor.</summary>
/// <param name="Dispatcher">Receives its jobs.</param>
/// <param name="Events">Publishes its events.</param>
/// <param name="Resources">The resources of the process.</param>
/// <param name="Time">The clock.</param>
internal sealed record RunServices(
    IJobDispatcher Dispatcher,
    IActorRef Events,
    ResourceTable Resources,
    TimeProvider Time
);
