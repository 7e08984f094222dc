using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Tests.Support;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>Workers that stop.</summary>
[Collection(BrokerGroup.Name)]
public sealed class WorkerStopTests(RabbitMqFixture broker) : WorkerScenario(broker)
{
    [Fact]
    public async Task A_worker_is_shown_as_it_is_until_it_stops()
    {
        var worker = await Cluster.StartWorkerAsync(Gated());
        const string labels = "{worker=\"worker-1\",device=\"cpu\"}";
        await Until.HoldsAsync(() =>
            Desk.Sample("curvature_worker_up" + labels) == 1 && Desk.Sample("curvature_worker_busy" + labels) == 0
        );
        await Desk.Started(Desk.Offer("a", 1));
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_busy" + labels) == 1);
        Gate.Set();
        Assert.IsType<Measured>(await Desk.Answer());
        await worker.StopAsync(TimeSpan.FromSeconds(5));
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up" + labels) is null);

        // One that says nothing any more is down.
        var dying = await Cluster.StartWorkerAsync(Quick());
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up{worker=\"worker-2\",device=\"cpu\"}") == 1);
        await dying.DisposeAsync();
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up{worker=\"worker-2\",device=\"cpu\"}") == 0);
        Assert.Equal(1, Desk.Sample("curvature_bus_connected{role=\"host\"}"));
        Assert.Equal(3, Desk.Sample("curvature_bus_consumers{role=\"host\"}"));
        Assert.Equal(0, Desk.Sample("curvature_queue_depth{queue=\"tickets\"}"));
    }

    [Fact]
    public async Task A_worker_that_stops_puts_back_what_it_cannot_finish()
    {
        using var began = new SemaphoreSlim(0);
        var analyzers = new ScriptedAnalyzer(
            (_, cancellation) =>
            {
                began.Release();
                cancellation.WaitHandle.WaitOne();
                cancellation.ThrowIfCancellationRequested();
                return Reports.Sharpness(1);
            }
        );
        var stopping = await Cluster.StartWorkerAsync(analyzers);
        var id = Desk.Offer("a", 1);
        await began.WaitAsync();
        await stopping.StopAsync(TimeSpan.FromSeconds(2));
        await Cluster.StartWorkerAsync(Quick());
        Assert.Equal(id, Assert.IsType<Measured>(await Desk.Answer()).Id);
        await Desk.Quiet();
    }
}
