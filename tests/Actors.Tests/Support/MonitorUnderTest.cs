using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Exposition;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>A monitor with its metrics and an observer that records.</summary>
internal sealed class MonitorUnderTest : IAsyncDisposable
{
    private MonitorUnderTest(CurvatureMetrics metrics, RecordingObserver observer, MonitorHost system) =>
        (Metrics, Observer, System) = (metrics, observer, system);

    public static async Task<MonitorUnderTest> StartAsync(
        ICheckpointAnalyzerFactory? analyzers = null,
        MonitorOptions? options = null,
        TimeProvider? time = null,
        params IMonitorObserver[] others
    )
    {
        var (metrics, observer) = (new CurvatureMetrics(), new RecordingObserver());
        var system = await MonitorHost.StartAsync(metrics, [.. others, observer], options, time, analyzers);

        // A worker that has not asked yet leaves the first checkpoint waiting, where a newer one may replace it.
        await system.WorkersAsked((options ?? new MonitorOptions()).CurvatureActors);
        return new MonitorUnderTest(metrics, observer, system);
    }

    public CurvatureMetrics Metrics { get; }

    public RecordingObserver Observer { get; }

    public MonitorHost System { get; }

    public Task<RunSummary> Start(TrainingRequest request) =>
        System.StartTraining(request).Completion.WaitAsync(Until.Patience);

    /// <summary>What a scrape reads.</summary>
    public string Scrape(ExpositionFormat? format = null) => Support.Scrape.Text(Metrics, format);

    /// <summary>The value of a sample line, by everything before it.</summary>
    public double Sample(string series) =>
        Support.Scrape.Sample(Metrics, series) ?? throw new InvalidOperationException($"there is no series {series}");

    public ValueTask DisposeAsync() => System.DisposeAsync();
}
