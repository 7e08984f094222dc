using System.Collections.Concurrent;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Orderly ends in mid-run.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task A_stop_in_mid_run_ends_in_time_and_loses_no_finished_measurement()
    {
        var finished = new ConcurrentBag<long>();
        await using var monitor = await MonitorUnderTest.StartAsync(
            new WrappedAnalyzer(_ => { }, (job, _) => finished.Add(job.Id.Step))
        );
        var completion = monitor.Start(TinyRuns.Digits("endless", steps: 1_000_000) with { CheckpointEvery = 3 });
        await monitor.Observer.First<CheckpointMeasured>(e => e.Step > 3);
        await monitor.System.StopAsync();

        // A run that had not been wound up within the grace would have been cancelled.
        Assert.True(completion.IsCompletedSuccessfully, completion.Status.ToString());
        var summary = await completion;
        Assert.Equal(RunOutcome.Stopped, summary.Outcome);
        Assert.Equal(finished.Order(), monitor.Observer.Of<CheckpointMeasured>().Select(e => e.Step).Order());
        Assert.Equal(
            finished.Count,
            monitor.Sample("curvature_jobs_total{run=\"endless\",analysis=\"spectrum\",outcome=\"ok\"}")
        );
        Assert.Equal(1, monitor.Sample("curvature_run_state{run=\"endless\",state=\"finished\"}"));
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task A_measurement_that_would_take_too_long_is_cancelled_and_is_no_failure()
    {
        using var begun = new ManualResetEventSlim();
        var analyzers = new ScriptedAnalyzer(
            (_, cancellation) =>
            {
                begun.Set();
                cancellation.WaitHandle.WaitOne();
                cancellation.ThrowIfCancellationRequested();
                return Reports.Sharpness(1);
            }
        );
        await using var monitor = await MonitorUnderTest.StartAsync(analyzers);
        var completion = monitor.Start(TinyRuns.Request(steps: 1_000_000));
        begun.Wait();
        await monitor.Observer.First<CheckpointDropped>();
        await monitor.System.StopAsync();
        Assert.True(completion.IsCompletedSuccessfully, completion.Status.ToString());
        var summary = await completion;
        Assert.Equal((0L, 0L), (summary.Measured, summary.Failed));
        Assert.Equal(JobFailureReason.Cancelled, Assert.Single(monitor.Observer.Of<AnalysisFailed>()).Reason);
        Assert.Equal(
            1,
            monitor.Sample("curvature_jobs_total{run=\"tiny\",analysis=\"spectrum\",outcome=\"cancelled\"}")
        );
        Assert.True(summary.Dropped[DropReason.Rejected] >= 1);
        Assert.Equal(0, analyzers.Alive);
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task A_quick_measurement_is_finished()
    {
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var analyzers = new ScriptedAnalyzer(
            (job, _) =>
            {
                begun.Set();
                gate.Wait(CancellationToken.None);
                return Reports.Sharpness(job.Id.Step);
            }
        );
        await using var monitor = await MonitorUnderTest.StartAsync(analyzers);
        var completion = monitor.Start(TinyRuns.Request(steps: 1_000_000));
        begun.Wait();
        await monitor.Observer.First<CheckpointDropped>();
        var stop = monitor.System.StopAsync();
        await monitor.Observer.First<CheckpointDropped>(e => e.Reason == DropReason.Rejected);
        gate.Set();
        await stop;
        var summary = await completion;
        Assert.Equal(1, summary.Measured);
        Assert.Single(monitor.Observer.Of<CheckpointMeasured>());
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task A_measurement_that_heeds_no_cancellation_is_given_up_and_the_run_ends_in_time()
    {
        using var begun = new ManualResetEventSlim();
        using var gate = new ManualResetEventSlim();
        var analyzers = new ScriptedAnalyzer(
            (job, _) =>
            {
                begun.Set();
                gate.Wait(CancellationToken.None);
                return Reports.Sharpness(job.Id.Step);
            }
        );
        await using var monitor = await MonitorUnderTest.StartAsync(
            analyzers,
            new MonitorOptions { Threads = 1, ShutdownGrace = TimeSpan.FromSeconds(2) }
        );
        var completion = monitor.Start(TinyRuns.Request(steps: 1_000_000));
        begun.Wait();
        await monitor.System.StopAsync();
        Assert.True(completion.IsCompletedSuccessfully, completion.Status.ToString());
        var summary = await completion;
        gate.Set();
        Assert.Equal((RunOutcome.Stopped, 0L, 0L), (summary.Outcome, summary.Measured, summary.Failed));
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task Runs_side_by_side_end_together_and_no_new_one_starts()
    {
        await using var monitor = await MonitorUnderTest.StartAsync(
            new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step))
        );
        var runs = new[] { "a", "b/c d" }
            .Select(name => monitor.Start(TinyRuns.Request(name, steps: 1_000_000)))
            .ToList();
        Assert.Throws<UserErrorException>(() =>
        {
            monitor.System.StartTraining(TinyRuns.Request("a"));
        });
        await monitor.Observer.First<CheckpointMeasured>(e => e.Run == "a");
        await monitor.Observer.First<CheckpointMeasured>(e => e.Run == "b/c d");
        await monitor.System.StopAsync();
        Assert.All(await Task.WhenAll(runs), summary => Accounts.AssertBalanced(monitor, summary));
        Assert.Throws<MonitorStoppingException>(() =>
        {
            monitor.System.StartTraining(TinyRuns.Request("d"));
        });
    }
}
