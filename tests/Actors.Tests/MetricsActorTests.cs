using System.Text;
using Akka.Actor;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Publishing;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Contracts.Serialization;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>The order of an event, and what becomes of those that an earlier process wrote down.</summary>
public sealed class MetricsActorTests : IAsyncDisposable
{
    // A line of a journal from before shapes were recorded.
    private const string OldLine = """
        {"event":"checkpoint_measured","run":"r","step":10,"analysis":"spectrum","measurements":[{"measurement":
        "spectrum_measurement","density":{"nodes":[-1,0.5,4],"weights":[0.25,0.5,0.25],"dimension":16,"probes":1},
        "eigenvalues":[{"value":4,"error":0.1}],"smallest":{"value":-1,"error":0.1},"trace":{"value":16,"error":0.5},
        "invariant_subspace":false,"searched":false,"provenance":{"operator":"hessian","steps":25,"probes":1,"seed":0,
        "warm_started":false,"parameters":16,"samples":30,"micro_batch":30,"batch_norm":"train","element_type":
        "float32","device":"cpu","retained_share":1,"reorthogonalised":true},"cost":{"curvature_products":25,
        "seconds":0.5,"peak_bytes":1000}}],"limits":[{"kind":"full","value":20}],"cost":{"curvature_products":25,
        "seconds":0.5,"peak_bytes":1000},"lag_steps":0,"time":"2026-01-01T00:00:00+00:00"}
        """;

    private readonly ActorSystem _system = CheckedMessages.Start("metrics", TimeProvider.System);
    private readonly CurvatureMetrics _metrics = new();
    private readonly List<string> _told = [];
    private readonly RecordingObserver _observer = new();
    private bool _journalFails;

    [Fact]
    public async Task Journal_metrics_and_observers_learn_an_event_in_this_order_and_keepers_what_is_kept()
    {
        var actor = Start(new Listener(_ => _told.Add("keeper")));
        await Tell(actor, Started, Dropped);
        Assert.Equal(["journal 0", "observer 0", "keeper", "journal 0", "observer 1", "keeper"], _told);

        _told.Clear();
        _journalFails = true;
        await Tell(actor, Dropped);
        Assert.Equal(["journal 1", "observer 2"], _told);
    }

    [Fact]
    public async Task What_is_told_again_goes_past_the_journal_and_to_the_metrics_where_they_are_to_show_it()
    {
        var actor = Start();
        await Tell(actor, new Replay(Started, ToMetrics: true), new Replay(Dropped, ToMetrics: true));
        await Tell(actor, new Replay(Dropped, ToMetrics: false));
        Assert.Equal(["observer 0", "observer 1", "observer 1"], _told);
    }

    [Fact]
    public async Task A_spectrum_of_an_old_journal_shows_the_shape_of_its_density()
    {
        var measured = MonitorJson.Read<MonitorEvent>(Encoding.UTF8.GetBytes(OldLine));
        var actor = Start();
        await Tell(actor, new Replay(Started, ToMetrics: true), new Replay(measured, ToMetrics: true));
        AssertShown();

        // And of a worker that does not record it yet.
        await Tell(actor, Started, measured);
        AssertShown();
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private void AssertShown()
    {
        const string hessian = "{run=\"r\",operator=\"hessian\"}";
        Assert.Equal(0.25, Scrape.Sample(_metrics, "curvature_negative_eigenvalues_ratio" + hessian));
        Assert.Equal(1.0 / 6, Scrape.Sample(_metrics, "curvature_negative_mass_ratio" + hessian)!.Value, 1e-15);
        Assert.Equal(0.75, Scrape.Sample(_metrics, "curvature_degenerate_eigenvalues_ratio" + hessian));
        Assert.Equal(16 * 2.25 / 4.375, Scrape.Sample(_metrics, "curvature_effective_rank" + hessian)!.Value, 1e-12);
        Assert.Equal(0, Scrape.Sample(_metrics, "curvature_outliers" + hessian));
        var seen = (CheckpointMeasured)_observer.Events[^1];
        var shape = Assert.IsType<SpectrumMeasurement>(Assert.Single(seen.Measurements)).Shape!;
        Assert.Equal((0.25, 4e-4), (shape.NegativeEigenvalues, shape.NegativeTolerance));

        // Written down again it says the same, and nothing is computed a second time.
        var again = MonitorJson.Read<MonitorEvent>(
            System.Text.Json.JsonSerializer.SerializeToUtf8Bytes<MonitorEvent>(seen, MonitorJson.Options)
        );
        Assert.Same(again, SpectrumShapes.Complete(again));
        Assert.Equivalent(seen, again);
    }

    private static RunStarted Started { get; } = new(new RunDescription("r", "m", "sgd", "d"));

    private static CheckpointDropped Dropped { get; } = new("r", DateTimeOffset.UnixEpoch, 1, DropReason.Expired);

    private IActorRef Start(IMonitorObserver? dispatcher = null)
    {
        var jobs = new Lazy<IMonitorObserver?>(dispatcher);
        IReadOnlyList<IMonitorObserver> observers =
        [
            new Listener(_ => _told.Add($"observer {DroppedInMetrics()}")),
            _observer,
        ];
        var journal = new Listener(_ =>
        {
            _told.Add($"journal {DroppedInMetrics()}");
            if (_journalFails)
            {
                throw new IOException("the disk is full");
            }
        });
        return _system.ActorOf(
            Props.Create(() =>
                new MetricsActor(
                    _metrics,
                    observers,
                    new RunCompletions(),
                    jobs,
                    NullLogger<MetricsActor>.Instance,
                    journal
                )
            )
        );
    }

    private double DroppedInMetrics() =>
        Scrape.Sample(_metrics, "curvature_checkpoints_dropped_total{run=\"r\",reason=\"expired\"}") ?? 0;

    private static async Task Tell(IActorRef actor, params object[] messages)
    {
        foreach (var message in messages)
        {
            actor.Tell(message);
        }

        await actor.Ask<Flushed>(Flush.Instance);
    }

    private sealed class Listener(Action<MonitorEvent> onEvent) : IMonitorJournal
    {
        public void OnEvent(MonitorEvent monitorEvent) => onEvent(monitorEvent);
    }
}
