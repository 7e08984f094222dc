using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Actors.Tests.Cluster.Support;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Actors.Workers;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Serialization;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Storage.Stores;
using CurvatureMonitor.Training.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>A cluster measures what one process measures, to the last bit.</summary>
public sealed partial class SameResultsTests : IAsyncLifetime
{
    private const string Model = "mlp:hidden=8";
    // What is tracked is compared with what the same worker tracked before; everything else depends on the checkpoint
    // alone.
    private static readonly AnalysisKind[] Kinds =
    [
        AnalysisKind.Spectrum,
        AnalysisKind.Sharpness,
        AnalysisKind.Gradient,
        AnalysisKind.Trace,
        AnalysisKind.Variance,
        AnalysisKind.BatchSharpness,
        AnalysisKind.Modules,
    ];

    private readonly TestCluster _cluster = new();
    private readonly Channel<Measured> _measured = Channel.CreateUnbounded<Measured>();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _cluster.EndAsync();

    [Fact]
    public async Task Every_analysis_gives_the_same_bits_in_a_cluster_as_in_one_process()
    {
        var request = TinyRuns.Digits("digits", steps: 30, Model, "adam:learning_rate=0.01");
        using var store = new MemoryCheckpointStore();
        await using (
            var monitor = await MonitorUnderTest.StartAsync(new ScriptedAnalyzer((_, _) => Reports.Sharpness(1)))
        )
        {
            await monitor.Start(request with { Store = store });
        }

        using var probe = new RunProbe(request, BuiltInModels.Create("mlp", request.Training.Model.Arguments));
        var system = ActorRuntime.Start(
            "same",
            TimeProvider.System,
            TimeSpan.FromSeconds(5),
            NullLoggerFactory.Instance
        );
        var inbox = system.ActorOf(Props.Create(() => new Inbox(_measured.Writer)));
        var table = new ResourceTable();
        var resources = table.Open(request.Run, probe);
        var settings = new WorkerSettings(
            1,
            new CurvatureAnalyzerFactory(TimeProvider.System),
            table,
            new JobCancellations(),
            TimeProvider.System,
            NullLogger.Instance
        );
        var pool = new BoardDispatcher(LocalBoard.Start(system, settings, system.DeadLetters));

        var cluster = _cluster.CreateDispatcher(system, system.DeadLetters, table, new CurvatureMetrics());

        // Two workers, so that neither sees all that one actor saw before.
        _cluster.KeepWorker(new CurvatureAnalyzerFactory(TimeProvider.System));
        _cluster.KeepWorker(new CurvatureAnalyzerFactory(TimeProvider.System));
        cluster.Settled(request.Run);
        int compared = 0;
        foreach (long step in store.Steps(request.Run))
        {
            var here = await MeasureAsync(pool, inbox, store, request, resources, step);
            var there = await MeasureAsync(cluster, inbox, store, request, resources, step);
            foreach (var kind in Kinds)
            {
                Assert.Equal(here[kind], there[kind]);
                compared++;
            }
        }

        Assert.True(compared >= 3 * Kinds.Length);
        await system.Terminate();
        await ((IAsyncDisposable)cluster).DisposeAsync();
    }

    private async Task<Dictionary<AnalysisKind, string>> MeasureAsync(
        IJobDispatcher dispatcher,
        IActorRef inbox,
        MemoryCheckpointStore store,
        TrainingRequest request,
        RunResources resources,
        long step
    )
    {
        Assert.True(store.TryGet(request.Run, step, out var checkpoint));
        resources.Keep(checkpoint);
        var settings = request.Settings with
        {
            ColdStart = true,
            Probes = 3,
            SharpnessBatches = 3,
            Modules = ["*.weight", "*bias"],
        };
        foreach (var kind in Kinds)
        {
            dispatcher.Offer(
                new AnalyseCheckpoint(new JobId(request.Run, step, kind), settings),
                inbox
            );
        }

        var results = new Dictionary<AnalysisKind, string>();
        while (results.Count < Kinds.Length)
        {
            var measured = await _measured.Reader.ReadAsync().AsTask().WaitAsync(Until.Patience);
            Assert.Equal(step, measured.Id.Step);
            results.Add(
                measured.Id.Analysis,
                Seconds().Replace(JsonSerializer.Serialize(measured.Report, MonitorJson.Options), string.Empty)
            );
        }

        return results;
    }

    [GeneratedRegex("\"seconds\":[^,}]*,?")]
    private static partial Regex Seconds();

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(ChannelWriter<Measured> measured)
        {
            Receive<Measured>(answer => measured.TryWrite(answer));
            Receive<JobStarted>(_ => { });
            Receive<JobFailed>(failed => measured.Complete(new InvalidOperationException(failed.ToString())));
            Receive<JobDropped>(dropped => measured.Complete(new InvalidOperationException(dropped.ToString())));
        }
    }
}
