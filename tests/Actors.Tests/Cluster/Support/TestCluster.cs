using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Hosts;
using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Actors.Cluster.Workers;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Storage.Credentials;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests.Cluster.Support;

/// <summary>Hosts and workers in this process, each a member of a cluster over TLS on loopback.</summary>
internal sealed class TestCluster
{
    // Members find each other sooner than they need to in earnest; heartbeats and splits are as they are.
    private const string Quick = """
        akka.cluster {
          gossip-interval = 100ms
          leader-actions-interval = 100ms
          periodic-tasks-initial-delay = 100ms
          retry-unsuccessful-join-after = 500ms
          seed-node-timeout = 500ms
        }
        akka.remote.retry-gate-closed-for = 200ms
        akka.remote.flush-wait-on-shutdown = 100ms
        """;

    private readonly List<WorkerNode> _workers = [];
    private readonly List<Task> _kept = [];
    private readonly TaskCompletionSource _ending = new();
    private int _names;

    public TestCluster()
    {
        string folder = Authority.Write(Path.Combine(Folder, "credentials"));
        Credentials = new RenewableCredentials(folder, TimeProvider.System, _ => { });
    }

    /// <summary>A folder that goes with the cluster.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("curvature-cluster-").FullName;

    private string Answers => Path.Combine(Folder, "answers");

    internal TestAuthority Authority { get; } = new();

    internal RenewableCredentials Credentials { get; }

    /// <summary>What workers log.</summary>
    internal RecordedLog Log { get; } = new();

    internal MemoryClaims Claims { get; } = new();

    internal HostTimings HostTimings { get; set; } =
        new() { Sweep = TimeSpan.FromMilliseconds(500), UnknownRun = TimeSpan.FromMinutes(5) };

    /// <summary>The host that workers join; the first that was started, or the last that took its place.</summary>
    internal ClusterEndpoint? First { get; private set; }

    internal NodeOptions Node(int port = 0, bool joins = true) =>
        new()
        {
            Listen = new ClusterEndpoint("127.0.0.1", port),
            Join = joins && First is { } first ? [first] : [],
            Credentials = Credentials,
            Overrides = Quick,
        };

    internal WorkerNodeOptions Worker() =>
        new()
        {
            Node = Node(),
            Name = $"worker-{++_names}",
            AnswersDirectory = Answers,
            Timings = new WorkerTimings { Report = TimeSpan.FromMilliseconds(500) },
        };

    internal WorkerNode StartWorker(
        ICheckpointAnalyzerFactory analyzers,
        WorkerNodeOptions? options = null,
        ILoggerFactory? logs = null
    )
    {
        var worker = WorkerNode.Start(
            options ?? Worker(),
            Claims.CreateCache(),
            analyzers,
            TimeProvider.System,
            logs ?? Log
        );
        lock (_workers)
        {
            _workers.Add(worker);
        }

        return worker;
    }

    /// <summary>
    /// Starts a worker, and another in its place when it has lost its hosts, as whoever starts workers in earnest does:
    /// on a machine that stands still for long enough every connection breaks.
    /// </summary>
    internal void KeepWorker(ICheckpointAnalyzerFactory analyzers, WorkerNodeOptions? options = null)
    {
        var settings = options ?? Worker();
        var worker = StartWorker(analyzers, settings);
        _kept.Add(KeepAsync());

        async Task KeepAsync()
        {
            while (await Task.WhenAny(_ending.Task, worker.Completion) != _ending.Task && !await worker.Completion)
            {
                await worker.DisposeAsync();
                worker = StartWorker(analyzers, settings with { Node = Node() });
            }
        }
    }

    /// <summary>Starts a host: a cluster of its own where it is the first, or takes a port over.</summary>
    internal IJobDispatcher CreateDispatcher(
        ActorSystem system,
        IActorRef events,
        ResourceTable resources,
        CurvatureMetrics metrics,
        ILoggerFactory? logs = null,
        string instance = "host",
        int port = 0
    )
    {
        var dispatcher = (ClusterDispatcher)
            new ClusterDispatcherFactory(
                new ClusterHostOptions
                {
                    Node = Node(port, joins: port == 0),
                    Instance = instance,
                    Claims = Claims,
                    Timings = HostTimings,
                },
                logs ?? NullLoggerFactory.Instance
            ).Create(
                new DispatcherContext(system, events, resources, metrics, TimeProvider.System, NullLogger.Instance)
            );
        First ??= new ClusterEndpoint("127.0.0.1", dispatcher.Address!.Port!.Value);
        return dispatcher;
    }

    /// <summary>The answers that workers keep on disk.</summary>
    internal IReadOnlyList<string> KeptAnswers() => AnswerFiles("*.answer");

    /// <summary>The files in the folder that workers share for their answers.</summary>
    internal IReadOnlyList<string> AnswerFiles(string pattern) =>
        Directory.GetFiles(Answers, pattern, SearchOption.AllDirectories);

    /// <summary>Writes other credentials over those that all members have.</summary>
    internal void Renew() => Authority.Write(Path.Combine(Folder, "credentials"));

    internal async Task EndAsync()
    {
        _ending.SetResult();
        await Task.WhenAll(_kept);
        await Task.WhenAll(_workers.Select(worker => worker.DisposeAsync().AsTask()));
        Authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
