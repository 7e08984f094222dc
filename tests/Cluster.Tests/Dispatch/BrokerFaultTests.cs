using System.Diagnostics;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Cluster.Dispatch;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Cluster.Tests.Dispatch;

/// <summary>
/// The broker dies, is not there, or takes nothing for a while: jobs go on by themselves afterwards, the latest first,
/// and each is answered once.
/// </summary>
public sealed class BrokerFaultTests(RabbitMqFixture broker)
    : IClassFixture<RabbitMqFixture>,
        IAsyncLifetime,
        IDisposable
{
    private readonly TestCluster _cluster = new(broker.Server);
    private readonly ManualResetEventSlim _gate = new();

    public void Dispose() => _gate.Dispose();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _gate.Set();
        await _cluster.EndAsync();
        if (!broker.Server.IsRunning)
        {
            await broker.Server.RestartAsync();
        }
    }

    [Fact]
    public async Task Every_job_is_answered_once_and_the_last_of_each_run_measured_though_the_broker_is_killed()
    {
        string[] runs = ["a", "b", "c"];
        await using var desk = new JobDesk(_cluster);
        for (int i = 0; i < 2; i++)
        {
            await _cluster.StartWorkerAsync(new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)));
        }

        var offered = runs.Select(run => desk.Offer(run, 0)).ToHashSet();
        var answers = new List<object>();
        await AnswersAsync(runs.Length);

        await broker.Server.SettleAsync();
        for (int step = 1; step <= 60; step++)
        {
            offered.UnionWith(runs.Select(run => desk.Offer(run, step)));
            if (step < 30)
            {
                // Most are answered, and some are always under way.
                await AnswersAsync(offered.Count - (2 * runs.Length));
            }
            else if (step == 30)
            {
                await broker.Server.KillAsync();
            }
        }

        await broker.Server.RestartAsync();
        await AnswersAsync(offered.Count);

        var measured = answers.OfType<Measured>().Select(answer => answer.Id).ToList();
        var dropped = answers.OfType<JobDropped>().ToList();
        Assert.Equal(offered.OrderBy(Order), measured.Concat(dropped.Select(answer => answer.Id)).OrderBy(Order));
        Assert.All(dropped, answer => Assert.Equal(DropReason.Superseded, answer.Reason));
        Assert.All(runs, run => Assert.Contains(new JobId(run, 60, AnalysisKind.Spectrum), measured));
        Assert.True(desk.Sample("curvature_bus_reconnects_total{role=\"host\"}") >= 1);
        Assert.Equal(1, desk.Sample("curvature_bus_connected{role=\"host\"}"));
        await desk.Quiet();

        // As a host does: the broker hands out no more while many results are not on disk.
        async Task AnswersAsync(int count)
        {
            while (answers.Count < count)
            {
                answers.Add(await desk.Answer());
                if (answers[^1] is Measured measured)
                {
                    desk.Journal(measured.Id);
                }
            }
        }

        static string Order(JobId id) => id.ToString();
    }

    [Fact]
    public async Task A_measurement_that_ends_while_the_broker_is_away_is_delivered_when_it_is_back()
    {
        int measured = 0;
        await using var desk = new JobDesk(_cluster);
        await _cluster.StartWorkerAsync(
            new ScriptedAnalyzer(
                (job, _) =>
                {
                    _gate.Wait(CancellationToken.None);
                    measured += job.Id.Run == "a" ? 1 : 0;
                    return Reports.Sharpness(job.Id.Step);
                }
            )
        );
        var id = desk.Offer("a", 1);
        await desk.Started(id);
        await broker.Server.SettleAsync();
        await broker.Server.KillAsync();
        _gate.Set();
        await Until.HoldsAsync(() => measured == 1);
        await broker.Server.RestartAsync();
        Assert.Equal(id, Assert.IsType<Measured>(await desk.Answer()).Id);
        await desk.Quiet();
        Assert.Equal(1, measured);
    }

    [Fact]
    public async Task A_measurement_is_kept_though_the_broker_is_back_with_a_newer_checkpoint_before_it_ends()
    {
        await using var desk = new JobDesk(_cluster);
        await _cluster.StartWorkerAsync(Gated("a"));
        var id = desk.Offer("a", 1);
        await desk.Started(id);
        await BreakConnectionsWithANewerJobAsync(desk);
        _gate.Set();
        Assert.Equal(id, Assert.IsType<Measured>(await desk.Answer()).Id);
        Assert.Equal(2, Assert.IsType<Measured>(await desk.Answer()).Id.Step);
        await desk.Quiet();
    }

    [Fact]
    public async Task A_measurement_that_was_overtaken_counts_as_superseded_when_its_worker_does_not_come_back()
    {
        await using var desk = new JobDesk(_cluster);
        var worker = await _cluster.StartWorkerAsync(Gated("a"));
        var id = desk.Offer("a", 1);
        await desk.Started(id);
        await BreakConnectionsWithANewerJobAsync(desk);
        await worker.DisposeAsync();
        Assert.Equal(new JobDropped(id, DropReason.Superseded), await desk.Answer());
        await _cluster.StartWorkerAsync(new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)));
        Assert.Equal(2, Assert.IsType<Measured>(await desk.Answer()).Id.Step);
        await desk.Quiet();
    }

    [Fact]
    public async Task While_the_broker_is_away_offers_do_not_wait_and_the_latest_is_measured_when_it_is_there()
    {
        await broker.Server.StopAsync();
        await using var desk = new JobDesk(_cluster);
        desk.Dispatcher.Settled("a");
        await _cluster.StartWorkerAsync(new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)));
        const int last = 1000;
        long started = Stopwatch.GetTimestamp();
        for (int step = 1; step <= last; step++)
        {
            desk.Offer("a", step);
        }

        for (int step = 1; step < last; step++)
        {
            Assert.Equal(
                new JobDropped(new JobId("a", step, AnalysisKind.Spectrum), DropReason.Superseded),
                await desk.Answer()
            );
        }

        // All of it without any broker; a single try to connect may take longer.
        Assert.Equal(0, desk.Sample("curvature_bus_connected{role=\"host\"}"));
        await broker.Server.RestartAsync();
        Assert.Equal(last, Assert.IsType<Measured>(await desk.Answer()).Id.Step);
        await desk.Quiet();
    }

    [Fact]
    public async Task Training_goes_on_while_the_broker_is_away_and_the_final_checkpoint_is_measured_when_it_is_there()
    {
        await broker.Server.StopAsync();
        const int steps = 200;
        var metrics = new CurvatureMetrics();
        var observer = new RecordingObserver();
        await using var monitor = await MonitorHost.StartAsync(
            metrics,
            [observer],
            dispatchers: new ClusterDispatcherFactory(_cluster.Host())
        );
        await _cluster.StartWorkerAsync(new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)));
        var run = monitor.StartTraining(TinyRuns.Request(steps: steps));
        await observer.First<TrainingProgressed>(progressed => progressed.Step.Step == steps);
        await observer.First<CheckpointDropped>(dropped => dropped.Step == steps - 1);
        Assert.Empty(observer.Of<CheckpointMeasured>());
        await broker.Server.RestartAsync();
        var summary = await run.Completion.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((steps, 1, 0), (summary.Emitted, summary.Measured, summary.Failed));
        Assert.Equal(steps - 1, summary.Dropped[DropReason.Superseded]);
        Assert.Equal(steps, Assert.Single(observer.Of<CheckpointMeasured>()).Step);
    }

    [Fact]
    public async Task A_broker_without_memory_takes_nothing_and_the_latest_is_measured_when_it_has_some_again()
    {
        await using var desk = new JobDesk(_cluster);
        await _cluster.StartWorkerAsync(new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step)));
        await desk.Quiet();
        await broker.Server.ControlAsync("set_vm_memory_high_watermark", "absolute", "1MB");
        await Until.HoldsAsync(async () =>
            (await broker.Server.ControlAsync("eval", "rabbit_alarm:get_alarms().")).Contains(
                "memory",
                StringComparison.Ordinal
            )
        );
        for (int step = 1; step <= 50; step++)
        {
            desk.Offer("a", step);
        }

        await desk.Log.SaysAsync("takes no messages");
        await broker.Server.ControlAsync("set_vm_memory_high_watermark", "0.4");
        var answers = new List<object>();
        while (answers.Count < 50)
        {
            answers.Add(await desk.Answer());
        }

        Assert.Contains(answers, answer => answer is Measured { Id.Step: 50 });
        Assert.Equal(
            50,
            answers
                .Select(answer => answer is Measured measured ? measured.Id : ((JobDropped)answer).Id)
                .Distinct()
                .Count()
        );
        Assert.True(answers.OfType<JobDropped>().Count() >= 40, "they were superseded while the broker took nothing");
        await desk.Quiet();
    }

    /// <summary>An analyzer that waits for the gate before it answers the jobs of a run.</summary>
    private ScriptedAnalyzer Gated(string run) =>
        new(
            (job, _) =>
            {
                if (job.Id.Run == run)
                {
                    _gate.Wait(CancellationToken.None);
                }

                return Reports.Sharpness(job.Id.Step);
            }
        );

    /// <summary>
    /// The broker puts step 1 of a, which a worker is at, back into its slot, and drops it there for step 2.
    /// </summary>
    private async Task BreakConnectionsWithANewerJobAsync(JobDesk desk)
    {
        await broker.Server.SettleAsync();
        await broker.Server.KillAsync();
        desk.Offer("a", 2);
        await broker.Server.RestartAsync();
        await desk.Log.SaysAsync("was dropped for a newer one");
    }
}
