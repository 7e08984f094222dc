using System.Threading.Channels;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Dispatch;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Checkpoints;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>What every dispatcher must do, whether its workers are in this process or elsewhere.</summary>
public abstract class DispatcherConformance : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly CheckpointLayout Layout = new([new TensorSlot("w", [3], 0)], []);

    private readonly Channel<object> _answers = Channel.CreateUnbounded<object>();
    private readonly Dictionary<string, RunProbe> _probes = [];
    private ActorSystem _system = null!;
    private IActorRef _inbox = null!;

    public virtual Task InitializeAsync()
    {
        _system = Kernel.Start("conformance", TimeProvider.System, TimeSpan.FromSeconds(5), (_, _) => { });
        _inbox = _system.ActorOf(Props.Create(() => new Inbox(_answers.Writer)));
        return Task.CompletedTask;
    }

    public virtual Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Every_job_is_answered_once()
    {
        var dispatcher = Create(_system, new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)), workers: 2);
        for (var step = 1; step <= 20; step++)
        {
            Offer(dispatcher, "a", step);
            var measured = Assert.IsType<Measured>(await Answer());
            Assert.Equal((step, 1), (measured.Id.Step, measured.Attempt));
        }

        await Quiet(dispatcher);
    }

    [Fact]
    public async Task A_waiting_job_is_replaced_by_a_newer_one_of_its_slot_and_a_running_one_never()
    {
        using var gate = new ManualResetEventSlim();
        var dispatcher = Create(_system, Gated(gate), workers: 1);
        Offer(dispatcher, "a", 1);
        Assert.IsType<JobStarted>(await Next());
        Offer(dispatcher, "a", 2);
        Offer(dispatcher, "a", 2, AnalysisKind.Sharpness);
        Offer(dispatcher, "b", 2);
        Offer(dispatcher, "a", 3);
        Assert.Equal(new JobDropped(new JobId("a", 2, AnalysisKind.Spectrum), DropReason.Superseded), await Next());
        gate.Set();

        // The newer one keeps the turn of the one it replaced.
        var order = new List<JobId>();
        for (var i = 0; i < 4; i++)
        {
            order.Add(Assert.IsType<Measured>(await Answer()).Id);
        }

        Assert.Equal(
            [
                new JobId("a", 1, AnalysisKind.Spectrum), new JobId("a", 3, AnalysisKind.Spectrum), new JobId("a", 2, AnalysisKind.Sharpness),
                new JobId("b", 2, AnalysisKind.Spectrum),
            ],
            order);
        await Quiet(dispatcher);
    }

    [Fact]
    public async Task A_withdrawn_job_is_dropped_and_one_of_another_run_is_not()
    {
        using var gate = new ManualResetEventSlim();
        var dispatcher = Create(_system, Gated(gate), workers: 1);
        Offer(dispatcher, "a", 1);
        Assert.IsType<JobStarted>(await Next());
        Offer(dispatcher, "a", 2);
        Offer(dispatcher, "b", 1);
        dispatcher.Withdraw("a");
        Assert.Equal(new JobDropped(new JobId("a", 2, AnalysisKind.Spectrum), DropReason.Rejected), await Next());
        gate.Set();
        Assert.Equal("a", Assert.IsType<Measured>(await Answer()).Id.Run);
        Assert.Equal("b", Assert.IsType<Measured>(await Answer()).Id.Run);
        await Quiet(dispatcher);
    }

    [Fact]
    public async Task A_cancelled_job_is_answered_as_cancelled_and_its_worker_goes_on()
    {
        var dispatcher = Create(_system, new ScriptedAnalyzer((job, cancellation) =>
        {
            if (job.Id.Run == "a")
            {
                cancellation.WaitHandle.WaitOne();
                cancellation.ThrowIfCancellationRequested();
            }

            return Reports.Sharpness(1);
        }), workers: 1);
        Offer(dispatcher, "a", 1);
        Assert.IsType<JobStarted>(await Next());
        dispatcher.Cancel("a");
        Assert.Equal(JobFailureReason.Cancelled, Assert.IsType<JobFailed>(await Answer()).Reason);
        Offer(dispatcher, "b", 1);
        Assert.IsType<Measured>(await Answer());
        await Quiet(dispatcher);
    }

    [Fact]
    public async Task A_job_that_kills_its_worker_is_tried_twice_and_others_are_served_after_it()
    {
        var analyzers = new ScriptedAnalyzer((job, _) => job.Id.Run == "poison" ? throw new InvalidOperationException("dead") : Reports.Sharpness(1));
        var dispatcher = Create(_system, analyzers, workers: 1);
        Offer(dispatcher, "poison", 1);
        Offer(dispatcher, "b", 1);
        var failed = Assert.IsType<JobFailed>(await Answer());
        Assert.Equal(("poison", JobFailureReason.Crashed, 2), (failed.Id.Run, failed.Reason, failed.Attempts));
        Assert.Equal("b", Assert.IsType<Measured>(await Answer()).Id.Run);
        await Quiet(dispatcher);
    }

    [Fact]
    public async Task What_is_kept_for_a_run_goes_when_it_is_forgotten()
    {
        var analyzers = new ScriptedAnalyzer((_, _) => Reports.Sharpness(1));
        var dispatcher = Create(_system, analyzers, workers: 1);
        Offer(dispatcher, "a", 1);
        Assert.IsType<Measured>(await Answer());
        dispatcher.Forget("a");
        Offer(dispatcher, "b", 1);
        Assert.IsType<Measured>(await Answer());
        Assert.Equal((2, 1), (analyzers.Made, analyzers.Alive));
    }

    /// <summary>The dispatcher under test, with so many workers.</summary>
    private protected abstract IJobDispatcher Create(ActorSystem system, ICheckpointAnalyzerFactory analyzers, int workers);

    private static ScriptedAnalyzer Gated(ManualResetEventSlim gate) => new((job, _) =>
    {
        gate.Wait(CancellationToken.None);
        return Reports.Sharpness(job.Id.Step);
    });

    private void Offer(IJobDispatcher dispatcher, string run, long step, AnalysisKind kind = AnalysisKind.Spectrum)
    {
        var checkpoint = Checkpoint.From(new CheckpointInfo(run, step, DateTimeOffset.UnixEpoch), Layout, [1.0, 2.0, 3.0]);
        if (!_probes.TryGetValue(run, out var probe))
        {
            _probes.Add(run, probe = new RunProbe(TinyRuns.Request(run), BuiltInModels.Create(TinyRuns.Model)));
        }

        dispatcher.Offer(new AnalyseCheckpoint(new JobId(run, step, kind), checkpoint, probe, new AnalysisSettings()), _inbox);
    }

    private async Task<object> Next() => await _answers.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next answer, that is, no mere word that a job has begun.</summary>
    private async Task<object> Answer()
    {
        object answer;
        do
        {
            answer = await Next();
        }
        while (answer is JobStarted);
        return answer;
    }

    /// <summary>Another job goes through and nothing else is answered.</summary>
    private async Task Quiet(IJobDispatcher dispatcher)
    {
        Offer(dispatcher, "quiet", 1);
        Assert.Equal("quiet", Assert.IsType<Measured>(await Answer()).Id.Run);
        Assert.False(_answers.Reader.TryRead(out _));
    }

    private sealed class Inbox : ReceiveActor
    {
        public Inbox(ChannelWriter<object> answers) => ReceiveAny(answer => answers.TryWrite(answer));
    }
}
