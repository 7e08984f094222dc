using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Tests;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>Workers behind a real broker do what the pool of one process does.</summary>
[Collection(BrokerGroup.Name)]
public sealed class BrokerDispatcherTests : DispatcherConformance
{
    private readonly TestCluster _cluster;

    public BrokerDispatcherTests(RabbitMqFixture broker) => _cluster = new TestCluster(broker.Server);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _cluster.EndAsync();
    }

    private protected override IJobDispatcher Create(
        JobInbox inbox,
        ICheckpointAnalyzerFactory analyzers,
        int workers
    )
    {
        for (int i = 0; i < workers; i++)
        {
            _ = _cluster.StartWorkerAsync(analyzers);
        }

        return _cluster.CreateDispatcher(
            inbox.System,
            inbox.System.DeadLetters,
            inbox.Resources,
            new CurvatureMetrics()
        );
    }
}
