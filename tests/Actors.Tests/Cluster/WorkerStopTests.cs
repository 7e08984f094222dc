using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;

namespace CurvatureMonitor.Actors.Tests.Cluster;

/// <summary>Workers that stop, and workers that must end.</summary>
public sealed class WorkerStopTests : WorkerScenario
{
    [Fact]
    public async Task A_worker_is_shown_as_it_is_until_it_stops()
    {
        var worker = Cluster.StartWorker(Gated());
        const string labels = "{worker=\"worker-1\",device=\"cpu\"}";
        await Until.HoldsAsync(() =>
            Desk.Sample("curvature_worker_up" + labels) == 1 && Desk.Sample("curvature_worker_busy" + labels) == 0
        );
        await Desk.Started(Desk.Offer("a", 1));
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_busy" + labels) == 1);
        Gate.Set();
        Assert.IsType<Measured>(await Desk.Answer());
        await worker.StopAsync(TimeSpan.FromSeconds(5));
        Assert.True(await worker.Completion);
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up" + labels) is null);

        // One that ends without a word is down.
        var dying = Cluster.StartWorker(Quick());
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up{worker=\"worker-2\",device=\"cpu\"}") == 1);
        await dying.DisposeAsync();
        await Until.HoldsAsync(() => Desk.Sample("curvature_worker_up{worker=\"worker-2\",device=\"cpu\"}") == 0);
    }

    [Fact]
    public async Task A_worker_that_stops_gives_back_what_it_cannot_finish_and_that_is_no_attempt()
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
        var stopping = Cluster.StartWorker(analyzers);
        var id = Desk.Offer("a", 1);
        await began.WaitAsync();
        await stopping.StopAsync(TimeSpan.FromSeconds(2));
        Cluster.KeepWorker(Quick());
        var measured = Assert.IsType<Measured>(await Desk.Answer());
        Assert.Equal((id, 1), (measured.Id, measured.Attempt));
        await Desk.Quiet();
    }

    [Fact]
    public async Task A_worker_whose_host_is_gone_ends()
    {
        var worker = Cluster.StartWorker(Quick());
        await Desk.Quiet();
        await Desk.DisposeAsync();
        Assert.False(await worker.Completion.WaitAsync(Until.Patience));
    }
}
