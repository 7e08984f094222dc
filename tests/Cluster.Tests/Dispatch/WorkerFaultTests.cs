using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>Workers die, hang or lack what a job needs; no job is lost by it, and none is answered twice.</summary>
[Collection(BrokerGroup.Name)]
public sealed class WorkerFaultTests(RabbitMqFixture broker) : WorkerScenario(broker)
{
    [Fact]
    public async Task The_job_of_a_worker_that_dies_is_done_by_another()
    {
        var dying = await Cluster.StartWorkerAsync(Gated());
        var id = Desk.Offer("a", 1);
        await Desk.Started(id);
        await dying.DisposeAsync();
        await Cluster.StartWorkerAsync(Quick());
        Assert.Equal(id, Assert.IsType<Measured>(await Desk.Answer()).Id);
        await Desk.Quiet();
        await Until.HoldsAsync(() => Desk.Sample("curvature_redeliveries_total{queue=\"slots\"}") >= 1);
    }

    [Fact]
    public async Task A_job_that_hangs_is_answered_at_its_deadline_and_ends_its_process()
    {
        var exit = new TaskCompletionSource<int>();
        var hanging = await Cluster.StartWorkerAsync(
            Gated(),
            Cluster.Worker() with
            {
                JobTimeout = TimeSpan.FromMilliseconds(300),
                Exit = exit.SetResult,
            }
        );
        var id = Desk.Offer("a", 1);
        var failed = Assert.IsType<JobFailed>(await Desk.Answer());
        Assert.Equal((id, JobFailureReason.TimedOut), (failed.Id, failed.Reason));
        Assert.Equal(75, await exit.Task);
        await hanging.DisposeAsync();
        await Cluster.StartWorkerAsync(Quick());
        await Desk.Quiet();
    }

    [Fact]
    public async Task A_job_is_left_to_a_worker_that_has_what_it_needs()
    {
        var small = new ScriptedAnalyzer((_, _) => throw new InvalidOperationException("not for this one"));
        await Cluster.StartWorkerAsync(small, Cluster.Worker() with { MemoryBudgetBytes = 1 });
        var id = Desk.Offer("a", 1);
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up{worker=\"worker-1\",device=\"cpu\"}") == 1);
        await Cluster.StartWorkerAsync(Quick());
        Assert.Equal(id, Assert.IsType<Measured>(await Desk.Answer()).Id);
        Assert.Equal(0, small.Made);
    }
}
