using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Workers of a cluster do what the curvature actors of one process do.</summary>
public sealed class ClusterDispatcherTests : DispatcherConformance
{
    private readonly TestCluster _cluster = new();
    private IJobDispatcher? _dispatcher;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await ((IAsyncDisposable)_dispatcher!).DisposeAsync();
        await _cluster.EndAsync();
    }

    private protected override IJobDispatcher Create(
        JobInbox inbox,
        ICheckpointAnalyzerFactory analyzers,
        int workers
    )
    {
        _dispatcher = _cluster.CreateDispatcher(
            inbox.System,
            inbox.System.DeadLetters,
            inbox.Resources,
            new CurvatureMetrics()
        );
        for (var i = 0; i < workers; i++)
        {
            _cluster.KeepWorker(analyzers);
        }

        return _dispatcher;
    }
}
