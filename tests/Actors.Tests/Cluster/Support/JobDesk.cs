using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Tests.Cluster.Support;

/// <summary>A host without runs: offers jobs through a dispatcher of its own and gets the answers.</summary>
internal sealed class JobDesk : IAsyncDisposable
{
    private readonly JobInbox _inbox = new();
    private readonly HashSet<string> _runs = [];

    public JobDesk(TestCluster cluster, string instance = "host", int port = 0) =>
        Dispatcher = cluster.CreateDispatcher(
            _inbox.System,
            _inbox.System.DeadLetters,
            _inbox.Resources,
            Metrics,
            Log,
            instance,
            port
        );

    public CurvatureMetrics Metrics { get; } = new();

    /// <summary>What the host logs.</summary>
    public RecordedLog Log { get; } = new();

    public IJobDispatcher Dispatcher { get; }

    public JobId Offer(string run, long step, AnalysisKind kind = AnalysisKind.Spectrum)
    {
        if (_runs.Add(run))
        {
            Metrics.StartRun(new RunDescription(run, "m", "sgd", "d") { Analyses = [AnalysisKind.Spectrum] });
        }

        return _inbox.Offer(Dispatcher, run, step, kind);
    }

    /// <summary>What comes next.</summary>
    public Task<object> Next() => _inbox.Next();

    /// <summary>The next answer, that is, no mere word that a job has begun.</summary>
    public Task<object> Answer() => _inbox.Answer();

    /// <summary>Waits until a job has begun.</summary>
    public Task Started(JobId id) => _inbox.Started(id);

    /// <summary>A measurement is on disk: its worker need not keep it.</summary>
    public void Journal(JobId id) =>
        ((IMonitorObserver)Dispatcher).OnEvent(
            new CheckpointMeasured(
                id.Run,
                DateTimeOffset.UnixEpoch,
                id.Step,
                id.Analysis,
                [],
                [],
                null,
                MeasurementCost.None,
                0,
                null
            )
        );

    /// <summary>Another job goes through and nothing else is answered.</summary>
    public Task Quiet() => _inbox.Quiet(Dispatcher);

    /// <summary>The value of a sample line, by everything before it; null where there is none.</summary>
    public double? Sample(string series) => Scrape.Sample(Metrics, series);

    public async ValueTask DisposeAsync()
    {
        await _inbox.EndAsync();
        await ((IAsyncDisposable)Dispatcher).DisposeAsync();
    }
}
