using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using CurvatureMonitor.Actors.Hosting;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>Turns every event into metrics, then passes it to the observers, one event at a time.</summary>
internal sealed class MetricsActor : ReceiveActor
{
    private readonly CurvatureMetrics _metrics;
    private readonly MetricsProjection _projection;
    private readonly IReadOnlyList<IMonitorObserver> _observers;
    private readonly List<IMonitorObserver> _keepers = [];
    private readonly IMonitorJournal? _journal;
    private readonly ILogger _logger;

    public MetricsActor(
        CurvatureMetrics metrics,
        IEnumerable<IMonitorObserver> observers,
        RunCompletions completions,
        ILogger<MetricsActor> logger,
        IMonitorJournal? journal = null
    )
    {
        _metrics = metrics;
        _projection = new MetricsProjection(metrics);
        _observers = [.. observers, completions];
        _logger = logger;
        _journal = journal;
        Receive<MonitorEvent>(Publish);
        Receive<Replay>(Publish);
        Receive<DeadLetter>(_ => _metrics.DeadLetter());
        Receive<AddKeeper>(add => _keepers.Add(add.Observer));
        Receive<Flush>(_ => Sender.Tell(Flushed.Instance));
    }

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    private void Publish(MonitorEvent monitorEvent)
    {
        // What anybody has seen must not be measured again as something else after a restart: the journal knows it
        // first.
        bool kept = _journal is null || Guarded("the journal", monitorEvent, _journal.OnEvent);

        Guarded("the metrics", monitorEvent, _projection.Apply);
        foreach (var observer in _observers)
        {
            Guarded(observer.GetType().Name, monitorEvent, observer.OnEvent);
        }

        if (kept)
        {
            _keepers.ForEach(keeper => Guarded(keeper.GetType().Name, monitorEvent, keeper.OnEvent));
        }
    }

    private void Publish(Replay replay)
    {
        if (replay.ToMetrics)
        {
            Guarded("the metrics", replay.Event, _projection.Apply);
        }

        foreach (var observer in _observers)
        {
            Guarded(observer.GetType().Name, replay.Event, observer.OnReplayed);
        }
    }

    private bool Guarded(string who, MonitorEvent monitorEvent, Action<MonitorEvent> action)
    {
        try
        {
            action(monitorEvent);
            return true;
        }
        catch (Exception failure)
        {
            MonitorLog.ObserverFailed(_logger, failure, who, monitorEvent.GetType().Name);
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
