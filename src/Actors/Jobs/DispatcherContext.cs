using Akka.Actor;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>What a monitor lends its dispatcher.</summary>
/// <param name="System">Where its actors live; they end with the monitor.</param>
/// <param name="Events">Who passes events to metrics and observers.</param>
/// <param name="Resources">Finds the objectives and checkpoints that jobs name.</param>
/// <param name="Metrics">The metrics.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
public sealed record DispatcherContext(
    ActorSystem System,
    IActorRef Events,
    ResourceTable Resources,
    CurvatureMetrics Metrics,
    TimeProvider Time,
    ILogger Logger
);
