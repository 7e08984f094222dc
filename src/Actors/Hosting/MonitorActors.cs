using Akka.Actor;
using Akka.Hosting;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Runs;

namespace CurvatureMonitor.Actors.Hosting;

/// <summary>The actors that services address; they exist once the host has started.</summary>
internal sealed class MonitorActors(IRequiredActor<MetricsActor> metrics, IRequiredActor<RunsActor> runs)
{
    /// <summary>Publishes events.</summary>
    public IActorRef Metrics => metrics.ActorRef;

    /// <summary>Supervises the runs.</summary>
    public IActorRef Runs => runs.ActorRef;
}
