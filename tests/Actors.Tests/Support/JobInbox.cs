using System.Threading.Channels;
using Akka.Actor;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>Stands where runs would: offers jobs of three parameters and gets what is said of them, in order.</summary>
internal sealed class JobInbox
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly CheckpointLayout Layout = new([new TensorSlot("w", [3], 0)], []);

    private readonly Channel<object> _answers = Channel.CreateUnbounded<object>();
    private readonly IActorRef _inbox;

    internal JobInbox()
    {
        System = CheckedMessages.Start("inbox", TimeProvider.System);
        _inbox = System.ActorOf(Props.Create(() => new Inbox(_answers.Writer)));
    }

    /// <summary>Where the inbox lives, and dispatchers may.</summary>
    internal ActorSystem System { get; }

    /// <summary>The objectives and checkpoints of the jobs that it offers.</summary>
    internal ResourceTable Resources { get; } = new();

    internal JobId Offer(IJobDispatcher dispatcher, string run, long step, AnalysisKind kind = AnalysisKind.Spectrum)
    {
        var resources =
            Resources.Find(run)
            ?? Resources.Open(run, new RunProbe(TinyRuns.Request(run), BuiltInModels.Create(TinyRuns.Model)));
        resources.Keep(
            Checkpoint.From(new CheckpointInfo(run, step, DateTimeOffset.UnixEpoch), Layout, [1.0, 2.0, 3.0])
        );
        var id = new JobId(run, step, kind);
        dispatcher.Offer(new AnalyseCheckpoint(id, new AnalysisSettings()), _inbox);
        return id;
    }

    /// <summary>What comes next.</summary>
    internal async Task<object> Next() => await _answers.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>The next answer, that is, no mere word that a job has begun.</summary>
    internal async Task<object> Answer()
    {
        object answer;
        do
        {
            answer = await Next();
        } while (answer is JobStarted);
        return answer;
    }

    /// <summary>Waits until a job has begun, and nothing else is said meanwhile.</summary>
    internal async Task Started(JobId id)
    {
        while (await Next() is var word && !(word is JobStarted started && started.Id == id))
        {
            Assert.IsType<JobStarted>(word);
        }
    }

    /// <summary>Another job goes through and nothing else is answered.</summary>
    internal async Task Quiet(IJobDispatcher dispatcher)
    {
        var id = Offer(dispatcher, "quiet", DateTime.UtcNow.Ticks);
        Assert.Equal(id, Assert.IsType<Measured>(await Answer()).Id);
        Assert.False(_answers.Reader.TryRead(out _));
    }

    internal Task EndAsync() => System.Terminate();

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(ChannelWriter<object> answers) => ReceiveAny(answer => answers.TryWrite(answer));
    }
}
