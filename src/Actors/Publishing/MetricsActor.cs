using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>Passes every event to journal, metrics and observers, one event at a time.</summary>
internal sealed class MetricsActor : ReceiveActor
{
    private readonly RunMetricsObserver _metrics;
    private readonly Lazy<IMonitorObserver?> _keeper;
    private readonly IMonitorJournal? _journal;
    private readonly IReadOnlyList<IMonitorObserver> _order;
    private readonly ILogger _logger;

    public MetricsActor(
        CurvatureMetrics metrics,
        IEnumerable<IMonitorObserver> observers,
        RunCompletions completions,
        Lazy<IMonitorObserver?> keeper,
        ILogger<MetricsActor> logger,
        IMonitorJournal? journal = null
    )
    {
        _metrics = new RunMetricsObserver(metrics);
        _keeper = keeper;
        _journal = journal;
        _logger = logger;

        // What was seen must not be measured again as something else after a restart: the journal knows it first.
        _order = [.. journal is null ? [] : new[] { journal }, _metrics, .. observers, completions];

        Receive<MonitorEvent>(Publish);
        Receive<Replay>(Publish);
        Receive<DeadLetter>(_ => metrics.DeadLetter());
        Receive<Flush>(_ => Sender.Tell(Flushed.Instance));
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    private void Publish(MonitorEvent published)
    {
        var monitorEvent = SpectrumShapes.Complete(published);
        bool kept = true;
        foreach (var observer in _order)
        {
            kept &= Guarded(observer, monitorEvent, observer.OnEvent) || observer != _journal;
        }

        if (kept && _keeper.Value is { } keeper)
        {
            Guarded(keeper, monitorEvent, keeper.OnEvent);
        }
    }

    // The journal has it already; the metrics need not show runs that ended long ago.
    private void Publish(Replay replay)
    {
        var monitorEvent = SpectrumShapes.Complete(replay.Event);
        foreach (var observer in _order.Where(o => o != _journal && (replay.ToMetrics || o != _metrics)))
        {
            Guarded(observer, monitorEvent, observer.OnReplayed);
        }
    }

    private bool Guarded(IMonitorObserver observer, MonitorEvent monitorEvent, Action<MonitorEvent> action)
    {
        try
        {
            action(monitorEvent);
            return true;
        }
        catch (Exception failure)
        {
            MonitorLog.ObserverFailed(_logger, failure, observer.GetType().Name, monitorEvent.GetType().Name);
            return false;
        }
    }
}

/// <summary>Adds the actor to an actor system.</summary>
internal static class MetricsActorHosting
{
    /// <summary>Adds the actor that publishes events.</summary>
    public static AkkaConfigurationBuilder AddMetricsActor(this AkkaConfigurationBuilder akka) =>
        akka.WithActors(
            (system, registry, resolver) =>
                registry.Register<MetricsActor>(
                    system.ActorOf(resolver.Props<MetricsActor>().CountedAs(ActorNames.Metrics), ActorNames.Metrics)
                )
        );
}
