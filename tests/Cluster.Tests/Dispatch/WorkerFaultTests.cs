using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>
/// Workers die, hang, lack what a job needs, or cannot reach its files; no job is lost by it, and none is answered
/// twice.
/// </summary>
[Collection(BrokerGroup.Name)]
public sealed class WorkerFaultTests(RabbitMqFixture broker) : IAsyncLifetime, IDisposable
{
    private readonly TestCluster _cluster = new(broker.Server);
    private readonly ManualResetEventSlim _gate = new();
    private JobDesk _desk = null!;

    public Task InitializeAsync()
    {
        _desk = new JobDesk(_cluster);
        return Task.CompletedTask;
    }

    public void Dispose() => _gate.Dispose();

    public async Task DisposeAsync()
    {
        _gate.Set();
        await _desk.DisposeAsync();
        await _cluster.EndAsync();
    }

    [Fact]
    public async Task The_job_of_a_worker_that_dies_is_done_by_another()
    {
        var dying = await _cluster.StartWorkerAsync(Gated());
        var id = _desk.Offer("a", 1);
        await _desk.Started(id);
        await dying.DisposeAsync();
        await _cluster.StartWorkerAsync(Quick());
        Assert.Equal(id, Assert.IsType<Measured>(await _desk.Answer()).Id);
        await _desk.Quiet();
        await Until.HoldsAsync(() => _desk.Sample("curvature_redeliveries_total{queue=\"slots\"}") >= 1);
    }

    [Fact]
    public async Task A_checkpoint_that_breaks_every_worker_ends_in_the_dead_letters_and_others_are_not_held_up()
    {
        var poison = _desk.Offer("poison", 1);
        int deaths = 0;
        do
        {
            var died = new TaskCompletionSource();
            var worker = await _cluster.StartWorkerAsync(
                new ScriptedAnalyzer(
                    (job, _) =>
                    {
                        if (job.Id.Run == "poison")
                        {
                            died.SetResult();
                            _gate.Wait(CancellationToken.None);
                        }

                        return Reports.Sharpness(1);
                    }
                )
            );
            if (deaths > 0)
            {
                // What came after the poison is done before that is tried again.
                Assert.Equal(
                    new JobId("healthy", deaths, AnalysisKind.Spectrum),
                    Assert.IsType<Measured>(await _desk.Answer()).Id
                );
            }

            await died.Task;
            deaths++;
            _desk.Offer("healthy", deaths);
            await Until.HoldsAsync(async () => await DepthAsync("cpu") == 1);
            await worker.DisposeAsync();
        } while (deaths <= Topology.SlotDeliveryLimit);

        await _cluster.StartWorkerAsync(Quick());
        List<object> answers = [await _desk.Answer(), await _desk.Answer()];
        Assert.Equal(new JobDropped(poison, DropReason.Poison), Assert.Single(answers.OfType<JobDropped>()));
        Assert.Equal(deaths, Assert.Single(answers.OfType<Measured>()).Id.Step);
        var session = await BrokerSession.OpenAsync(
            _cluster.Address,
            "test",
            (_, _) => { },
            (_, _) => { },
            CancellationToken.None
        );
        await using (session)
        {
            var dead = await session.GetAsync(_cluster.Names.DeadQueue, CancellationToken.None);
            Assert.NotNull(dead);
            Assert.Equal("delivery_limit", dead.DeathReason);
            Assert.Equal(BrokerNames.PoisonKey("host", "poison"), dead.RoutingKey);
            await dead.AckAsync();
            Assert.Null(await session.GetAsync(_cluster.Names.DeadQueue, CancellationToken.None));
        }

        await _desk.Quiet();
    }

    [Fact]
    public async Task A_job_that_hangs_is_answered_at_its_deadline_and_ends_its_process()
    {
        var exit = new TaskCompletionSource<int>();
        var hanging = await _cluster.StartWorkerAsync(
            Gated(),
            _cluster.Worker() with
            {
                JobTimeout = TimeSpan.FromMilliseconds(300),
                Exit = exit.SetResult,
            }
        );
        var id = _desk.Offer("a", 1);
        var failed = Assert.IsType<JobFailed>(await _desk.Answer());
        Assert.Equal((id, JobFailureReason.TimedOut), (failed.Id, failed.Reason));
        Assert.Equal(75, await exit.Task);
        await hanging.DisposeAsync();
        await _cluster.StartWorkerAsync(Quick());
        await _desk.Quiet();
    }

    [Fact]
    public async Task A_job_is_left_to_a_worker_that_has_what_it_needs()
    {
        var small = new ScriptedAnalyzer((_, _) => throw new InvalidOperationException("not for this one"));
        await _cluster.StartWorkerAsync(small, _cluster.Worker() with { MemoryBudgetBytes = 1 });
        var id = _desk.Offer("a", 1);
        await Until.HoldsAsync(() => _desk.Sample("curvature_worker_up{worker=\"worker-1\",device=\"cpu\"}") == 1);
        await _cluster.StartWorkerAsync(Quick());
        Assert.Equal(id, Assert.IsType<Measured>(await _desk.Answer()).Id);
        Assert.Equal(0, small.Made);
    }

    [Fact]
    public async Task Files_that_cannot_be_reached_for_a_while_are_waited_for_and_files_that_are_gone_are_not()
    {
        await _cluster.StartWorkerAsync(Quick());
        _cluster.Claims.Unreachable = 3;
        _desk.Offer("a", 1);
        Assert.IsType<Measured>(await _desk.Answer());
        _cluster.Claims.Unreachable = 0;
        _cluster.Claims.Lose = true;
        var gone = _desk.Offer("a", 2);
        Assert.Equal(new JobDropped(gone, DropReason.Missing), await _desk.Answer());
    }

    [Fact]
    public async Task A_job_whose_host_stays_away_is_left_to_it_and_done_when_it_is_back()
    {
        var worker = _cluster.Worker();
        await _cluster.StartWorkerAsync(
            Quick(),
            worker with
            {
                Timings = worker.Timings with { ClaimPatience = TimeSpan.FromMilliseconds(100) },
            }
        );
        _cluster.Claims.Unreachable = 2;
        var id = _desk.Offer("a", 1);
        Assert.Equal(id, Assert.IsType<Measured>(await _desk.Answer()).Id);
        await _desk.Quiet();
    }

    [Fact]
    public async Task Files_are_laid_out_as_long_as_a_job_is_open()
    {
        var started = await _cluster.StartWorkerAsync(Gated());
        await _desk.Started(_desk.Offer("a", 1));
        for (int step = 2; step <= 5; step++)
        {
            _desk.Offer("a", step);
        }

        // One runs, one waits; the others were superseded, here or by the broker.
        for (int i = 0; i < 3; i++)
        {
            Assert.IsType<JobDropped>(await _desk.Answer());
        }

        await Until.HoldsAsync(() => _cluster.Claims.Laid == 2);
        _gate.Set();
        Assert.IsType<Measured>(await _desk.Answer());
        Assert.IsType<Measured>(await _desk.Answer());
        await Until.HoldsAsync(() => _cluster.Claims.Laid == 0);
        await started.StopAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_worker_is_shown_as_it_is_until_it_stops()
    {
        var worker = await _cluster.StartWorkerAsync(Gated());
        const string labels = "{worker=\"worker-1\",device=\"cpu\"}";
        await Until.HoldsAsync(() =>
            _desk.Sample("curvature_worker_up" + labels) == 1 && _desk.Sample("curvature_worker_busy" + labels) == 0
        );
        await _desk.Started(_desk.Offer("a", 1));
        await Until.HoldsAsync(() => _desk.Sample("curvature_worker_busy" + labels) == 1);
        _gate.Set();
        Assert.IsType<Measured>(await _desk.Answer());
        await worker.StopAsync(TimeSpan.FromSeconds(5));
        await Until.HoldsAsync(() => _desk.Sample("curvature_worker_up" + labels) is null);

        // One that says nothing any more is down.
        var dying = await _cluster.StartWorkerAsync(Quick());
        await Until.HoldsAsync(() => _desk.Sample("curvature_worker_up{worker=\"worker-2\",device=\"cpu\"}") == 1);
        await dying.DisposeAsync();
        await Until.HoldsAsync(() => _desk.Sample("curvature_worker_up{worker=\"worker-2\",device=\"cpu\"}") == 0);
        Assert.Equal(1, _desk.Sample("curvature_bus_connected{role=\"host\"}"));
        Assert.Equal(3, _desk.Sample("curvature_bus_consumers{role=\"host\"}"));
        Assert.Equal(0, _desk.Sample("curvature_queue_depth{queue=\"tickets\"}"));
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
        var stopping = await _cluster.StartWorkerAsync(analyzers);
        var id = _desk.Offer("a", 1);
        await began.WaitAsync();
        await stopping.StopAsync(TimeSpan.FromSeconds(2));
        await _cluster.StartWorkerAsync(Quick());
        Assert.Equal(id, Assert.IsType<Measured>(await _desk.Answer()).Id);
        await _desk.Quiet();
    }

    private async Task<long?> DepthAsync(string kind)
    {
        await using var session = await BrokerSession.OpenAsync(
            _cluster.Address,
            "test",
            (_, _) => { },
            (_, _) => { },
            CancellationToken.None
        );
        return (await session.InspectAsync(_cluster.Names.Tickets(kind), CancellationToken.None))?.Ready;
    }

    private static ScriptedAnalyzer Quick() => new((job, _) => Reports.Sharpness(job.Id.Step));

    private ScriptedAnalyzer Gated() =>
        new(
            (job, _) =>
            {
                _gate.Wait(CancellationToken.None);
                return Reports.Sharpness(job.Id.Step);
            }
        );
}
