using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Files of jobs, and hosts that are away.</summary>
public sealed class WorkerFileTests : WorkerScenario
{
    [Fact]
    public async Task Files_that_cannot_be_reached_for_a_while_are_waited_for_and_files_that_are_gone_are_not()
    {
        Cluster.KeepWorker(Quick());
        Cluster.Claims.Unreachable = 3;
        Desk.Offer("a", 1);
        Assert.IsType<Measured>(await Desk.Answer());
        Cluster.Claims.Unreachable = 0;
        Cluster.Claims.Lose = true;
        var gone = Desk.Offer("a", 2);
        Assert.Equal(new JobDropped(gone, DropReason.Missing), await Desk.Answer());
    }

    [Fact]
    public async Task A_job_whose_host_stays_away_is_left_to_it_and_done_when_it_is_back()
    {
        var worker = Cluster.Worker();
        Cluster.KeepWorker(
            Quick(),
            worker with
            {
                Timings = worker.Timings with { ClaimPatience = TimeSpan.FromMilliseconds(100) },
            }
        );
        Cluster.Claims.Unreachable = 2;
        var id = Desk.Offer("a", 1);
        Assert.Equal(id, Assert.IsType<Measured>(await Desk.Answer()).Id);
        await Desk.Quiet();
    }

    [Fact]
    public async Task Files_are_laid_out_as_long_as_a_job_is_open()
    {
        var started = Cluster.StartWorker(Gated());
        await Desk.Started(Desk.Offer("a", 1));
        for (int step = 2; step <= 5; step++)
        {
            Desk.Offer("a", step);
        }

        // One runs, one waits; the others were superseded.
        for (int i = 0; i < 3; i++)
        {
            Assert.IsType<JobDropped>(await Desk.Answer());
        }

        await Until.HoldsAsync(() => Cluster.Claims.Laid == 2);
        Gate.Set();
        Assert.IsType<Measured>(await Desk.Answer());
        Assert.IsType<Measured>(await Desk.Answer());
        await Until.HoldsAsync(() => Cluster.Claims.Laid == 0);
        await started.StopAsync(TimeSpan.FromSeconds(5));
    }
}
