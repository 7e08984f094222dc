using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>Training goes on while measuring lags: latest wins, cadence.</summary>
public sealed class SlowMeasuringTests
{
    [Fact]
    public async Task Training_never_waits_and_the_latest_checkpoint_wins()
    {
        using var gate = new ManualResetEventSlim();
        var analyzers = new ScriptedAnalyzer(
            (job, _) =>
            {
                gate.Wait(CancellationToken.None);
                return Reports.Sharpness(job.Id.Step);
            }
        );
        await using var monitor = await MonitorUnderTest.StartAsync(analyzers);
        var completion = monitor.Start(TinyRuns.Request(steps: 20));

        // All steps are made while the first measurement has not moved.
        await monitor.Observer.First<TrainingProgressed>(e => e.Step.Step == 20);
        await monitor.Observer.First<CheckpointDropped>(e => e.Step == 19);
        Assert.Empty(monitor.Observer.Of<CheckpointMeasured>());
        gate.Set();
        var summary = await completion;

        Assert.Equal([1L, 20L], monitor.Observer.Of<CheckpointMeasured>().Select(e => e.Step));
        Assert.Equal(
            Enumerable.Range(2, 18).Select(step => (long)step),
            monitor.Observer.Of<CheckpointDropped>().Select(e => e.Step)
        );
        Assert.Equal(18, summary.Dropped[DropReason.Superseded]);
        Assert.Equal(19, monitor.Observer.Of<CheckpointMeasured>()[0].LagSteps);
        Assert.Equal(0, monitor.Observer.Of<CheckpointMeasured>()[1].LagSteps);
        Accounts.AssertBalanced(monitor, summary);
    }

    [Fact]
    public async Task Each_analysis_has_its_cadence_and_the_final_checkpoint_has_all()
    {
        var analyzers = new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step));

        // More actors than jobs: nothing is superseded.
        await using var monitor = await MonitorUnderTest.StartAsync(
            analyzers,
            new MonitorOptions { CurvatureActors = 12, Threads = 1 }
        );
        await monitor.System.WorkersAsked(12);
        var summary = await monitor.Start(
            TinyRuns.Request(steps: 11) with
            {
                CheckpointEvery = 2,
                Analyses = [new(AnalysisKind.Spectrum, 2), new(AnalysisKind.Sharpness, 4)],
            }
        );

        // Checkpoints 2, 4, 6, 8, 10 and, final, 11.
        var steps = monitor.Observer.Of<CheckpointMeasured>().ToLookup(e => e.Analysis, e => e.Step);
        Assert.Equal([2L, 6L, 10L, 11L], steps[AnalysisKind.Spectrum].Order());
        Assert.Equal([2L, 10L, 11L], steps[AnalysisKind.Sharpness].Order());
        Assert.Equal([4L, 8L], monitor.Observer.Of<CheckpointDropped>().Select(e => e.Step));
        Assert.Equal(2, summary.Dropped[DropReason.Rejected]);
        Assert.Equal(4, summary.Measured);
        Accounts.AssertBalanced(monitor, summary);
    }
}
