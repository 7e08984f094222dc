using System.Threading.Channels;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Dispatch;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Checkpoints;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Cluster.Tests.Support;

/// <summary>A host without runs: offers jobs through a dispatcher of its own and gets the answers.</summary>
internal sealed class JobDesk : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CheckpointLayout Layout = new([new TensorSlot("w", [3], 0)], []);

    private readonly Channel<object> _answers = Channel.CreateUnbounded<object>();
    private readonly Dictionary<string, RunProbe> _probes = [];
    private readonly ActorSystem _system;
    private readonly IActorRef _inbox;

    public JobDesk(TestCluster cluster, string instance = "host")
    {
        _system = Kernel.Start("desk", TimeProvider.System, TimeSpan.FromSeconds(5), (_, _) => { });
        _inbox = _system.ActorOf(Props.Create(() => new Inbox(_answers.Writer)));
        Dispatcher = cluster.CreateDispatcher(_system, _system.DeadLetters, Metrics, instance);
    }

    public CurvatureMetrics Metrics { get; } = new();

    public IJobDispatcher Dispatcher { get; }

    public JobId Offer(string run, long step, AnalysisKind kind = AnalysisKind.Spectrum)
    {
        if (!_probes.TryGetValue(run, out var probe))
        {
            _probes.Add(run, probe = new RunProbe(TinyRuns.Request(run), BuiltInModels.Create(TinyRuns.Model)));
            Metrics.StartRun(new Metrics.RunDescription(run, "m", "sgd", "d", "") { Analyses = ["spectrum"] });
        }

        var checkpoint = Checkpoint.From(new CheckpointInfo(run, step, DateTimeOffset.UnixEpoch), Layout, [1.0, 2.0, 3.0]);
        var id = new JobId(run, step, kind);
        Dispatcher.Offer(new AnalyseCheckpoint(id, checkpoint, probe, new AnalysisSettings()), _inbox);
        return id;
    }

    /// <summary>What comes next.</summary>
    public async Task<object> Next() => await _answers.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next answer, that is, no mere word that a job has begun.</summary>
    public async Task<object> Answer()
    {
        object answer;
        do
        {
            answer = await Next();
        }
        while (answer is JobStarted);
        return answer;
    }

    /// <summary>Waits until a job has begun.</summary>
    public async Task Started(JobId id)
    {
        while (await Next() is var word && !(word is JobStarted started && started.Id == id))
        {
            Assert.IsType<JobStarted>(word);
        }
    }

    /// <summary>Another job goes through and nothing else is answered.</summary>
    public async Task Quiet()
    {
        var id = Offer("quiet", DateTime.UtcNow.Ticks);
        Assert.Equal(id, Assert.IsType<Measured>(await Answer()).Id);
        Assert.False(_answers.Reader.TryRead(out _));
    }

    /// <summary>The value of a sample line, by everything before it; null where there is none.</summary>
    public double? Sample(string series)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        Metrics.Write(CurvatureMonitor.Metrics.Exposition.ExpositionFormat.Text, buffer);
        string? line = System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan).Split('\n').SingleOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        await ((IAsyncDisposable)Dispatcher).DisposeAsync();
    }

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(ChannelWriter<object> answers) => ReceiveAny(answer => answers.TryWrite(answer));
    }
}
