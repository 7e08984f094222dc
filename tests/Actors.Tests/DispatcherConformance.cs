using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>What every dispatcher must do, whether its workers are in this process or elsewhere.</summary>
public abstract class DispatcherConformance : IAsyncLifetime
{
    private readonly JobInbox _inbox = new();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync() => _inbox.EndAsync();

    [Fact]
    public async Task Every_job_is_answered_once()
    {
        var dispatcher = Create(
            _inbox,
            new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)),
            workers: 2
        );
        for (var step = 1; step <= 20; step++)
        {
            _inbox.Offer(dispatcher, "a", step);
            var measured = Assert.IsType<Measured>(await _inbox.Answer());
            Assert.Equal((step, 1), (measured.Id.Step, measured.Attempt));
        }

        await _inbox.Quiet(dispatcher);
    }

    [Fact]
    public async Task A_waiting_job_is_replaced_by_a_newer_one_of_its_slot_and_a_running_one_never()
    {
        using var gate = new ManualResetEventSlim();
        var dispatcher = Create(_inbox, Gated(gate), workers: 1);
        _inbox.Offer(dispatcher, "a", 1);
        Assert.IsType<JobStarted>(await _inbox.Next());
        _inbox.Offer(dispatcher, "a", 2);
        _inbox.Offer(dispatcher, "a", 2, AnalysisKind.Sharpness);
        _inbox.Offer(dispatcher, "b", 2);
        _inbox.Offer(dispatcher, "a", 3);
        Assert.Equal(
            new JobDropped(new JobId("a", 2, AnalysisKind.Spectrum), DropReason.Superseded),
            await _inbox.Next()
        );
        gate.Set();

        // The newer one keeps the turn of the one it replaced.
        var order = new List<JobId>();
        for (var i = 0; i < 4; i++)
        {
            order.Add(Assert.IsType<Measured>(await _inbox.Answer()).Id);
        }

        Assert.Equal(
            [
                new JobId("a", 1, AnalysisKind.Spectrum),
                new JobId("a", 3, AnalysisKind.Spectrum),
                new JobId("a", 2, AnalysisKind.Sharpness),
                new JobId("b", 2, AnalysisKind.Spectrum),
            ],
            order
        );
        await _inbox.Quiet(dispatcher);
    }

    [Fact]
    public async Task A_withdrawn_job_is_dropped_and_one_of_another_run_is_not()
    {
        using var gate = new ManualResetEventSlim();
        var dispatcher = Create(_inbox, Gated(gate), workers: 1);
        _inbox.Offer(dispatcher, "a", 1);
        Assert.IsType<JobStarted>(await _inbox.Next());
        _inbox.Offer(dispatcher, "a", 2);
        _inbox.Offer(dispatcher, "b", 1);
        dispatcher.Withdraw("a");
        Assert.Equal(
            new JobDropped(new JobId("a", 2, AnalysisKind.Spectrum), DropReason.Rejected),
            await _inbox.Next()
        );
        gate.Set();
        Assert.Equal("a", Assert.IsType<Measured>(await _inbox.Answer()).Id.Run);
        Assert.Equal("b", Assert.IsType<Measured>(await _inbox.Answer()).Id.Run);
        await _inbox.Quiet(dispatcher);
    }

    [Fact]
    public async Task A_cancelled_job_is_answered_as_cancelled_and_its_worker_goes_on()
    {
        var dispatcher = Create(
            _inbox,
            new ScriptedAnalyzer(
                (job, cancellation) =>
                {
                    if (job.Id.Run == "a")
                    {
                        cancellation.WaitHandle.WaitOne();
                        cancellation.ThrowIfCancellationRequested();
                    }

                    return Reports.Sharpness(1);
                }
            ),
            workers: 1
        );
        _inbox.Offer(dispatcher, "a", 1);
        Assert.IsType<JobStarted>(await _inbox.Next());
        dispatcher.Cancel("a");
        Assert.Equal(JobFailureReason.Cancelled, Assert.IsType<JobFailed>(await _inbox.Answer()).Reason);
        _inbox.Offer(dispatcher, "b", 1);
        Assert.IsType<Measured>(await _inbox.Answer());
        await _inbox.Quiet(dispatcher);
    }

    [Fact]
    public async Task A_job_that_kills_its_worker_is_tried_twice_and_others_are_served_after_it()
    {
        var analyzers = new ScriptedAnalyzer(
            (job, _) => job.Id.Run == "poison" ? throw new InvalidOperationException("dead") : Reports.Sharpness(1)
        );
        var dispatcher = Create(_inbox, analyzers, workers: 1);
        _inbox.Offer(dispatcher, "poison", 1);
        _inbox.Offer(dispatcher, "b", 1);
        var failed = Assert.IsType<JobFailed>(await _inbox.Answer());
        Assert.Equal(("poison", JobFailureReason.Crashed, 2), (failed.Id.Run, failed.Reason, failed.Attempts));
        Assert.Equal("b", Assert.IsType<Measured>(await _inbox.Answer()).Id.Run);
        await _inbox.Quiet(dispatcher);
    }

    [Fact]
    public async Task What_is_kept_for_a_run_goes_when_it_is_forgotten()
    {
        var analyzers = new ScriptedAnalyzer((_, _) => Reports.Sharpness(1));
        var dispatcher = Create(_inbox, analyzers, workers: 1);
        _inbox.Offer(dispatcher, "a", 1);
        Assert.IsType<Measured>(await _inbox.Answer());
        dispatcher.Forget("a");
        _inbox.Offer(dispatcher, "b", 1);
        Assert.IsType<Measured>(await _inbox.Answer());
        Assert.Equal((2, 1), (analyzers.Made, analyzers.Alive));
    }

    /// <summary>The dispatcher under test, with so many workers.</summary>
    private protected abstract IJobDispatcher Create(
        JobInbox inbox,
        ICheckpointAnalyzerFactory analyzers,
        int workers
    );

    private static ScriptedAnalyzer Gated(ManualResetEventSlim gate) =>
        new(
            (job, _) =>
            {
                gate.Wait(CancellationToken.None);
                return Reports.Sharpness(job.Id.Step);
            }
        );
}
