using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Dispatch;
using CurvatureMonitor.Cluster.Workers;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Cluster.Tests.Support;

/// <summary>Hosts and workers in this process on a real broker, under names that no other test has.</summary>
internal sealed class TestCluster(RabbitMqServer server)
{
    private readonly List<ClusterWorker> _workers = [];
    private readonly string _prefix = "test-" + Guid.NewGuid().ToString("N")[..8];
    private int _names;

    internal BrokerAddress Address { get; } = BrokerAddress.Parse(server.UrlWithCredentials);

    internal BrokerNames Names => new(_prefix);

    internal MemoryClaims Claims { get; } = new();

    internal HostTimings HostTimings { get; set; } =
        new()
        {
            Sweep = TimeSpan.FromMilliseconds(500),
            Stranded = TimeSpan.FromSeconds(2),
            Silence = TimeSpan.FromSeconds(3),
            Ping = TimeSpan.FromMilliseconds(300),
            Publish = TimeSpan.FromSeconds(5),
            UnknownRun = TimeSpan.FromSeconds(5),
        };

    internal HostClusterOptions Host(string instance = "host") =>
        new()
        {
            Address = Address,
            Instance = instance,
            Claims = Claims,
            Prefix = _prefix,
            Timings = HostTimings,
        };

    internal WorkerOptions Worker() =>
        new()
        {
            Address = Address,
            Name = $"worker-{++_names}",
            Prefix = _prefix,
            Timings = new WorkerTimings
            {
                Heartbeat = TimeSpan.FromMilliseconds(500),
                Pause = TimeSpan.FromMilliseconds(100),
                Publish = TimeSpan.FromSeconds(5),
            },
        };

    internal async Task<ClusterWorker> StartWorkerAsync(
        ICheckpointAnalyzerFactory analyzers,
        WorkerOptions? options = null,
        ILoggerFactory? logs = null
    )
    {
        var worker = await ClusterWorker.StartAsync(
            options ?? Worker(),
            Claims.CreateCache(),
            analyzers,
            TimeProvider.System,
            logs ?? NullLoggerFactory.Instance,
            CancellationToken.None
        );
        _workers.Add(worker);
        return worker;
    }

    internal IJobDispatcher CreateDispatcher(
        ActorSystem system,
        IActorRef events,
        ResourceTable resources,
        CurvatureMetrics metrics,
        ILogger? logger = null,
        string instance = "host"
    ) =>
        new ClusterDispatcherFactory(Host(instance)).Create(
            new DispatcherContext(
                system,
                events,
                resources,
                metrics,
                TimeProvider.System,
                logger ?? NullLogger.Instance
            )
        );

    internal async Task EndAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }
}
