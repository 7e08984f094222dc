using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class LifeCycleTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Series_of_a_finished_run_are_served_for_the_grace_period_and_then_go_all_at_once()
    {
        var metrics = Metrics();
        var (ended, running) = (
            metrics.StartRun(new RunDescription("ended")),
            metrics.StartRun(new RunDescription("running"))
        );
        Scenario.Fill(ended);
        var before = Count(metrics, "ended");
        Assert.True(before > 100);

        _clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromTicks(1));
        Assert.Equal(before, Count(metrics, "ended"));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(0, Count(metrics, "ended"));
        Assert.False(ended.IsServed);
        Assert.True(running.IsServed);
        Assert.NotEqual(0, Count(metrics, "running"));
        Assert.Equal(["running"], metrics.Runs);
        Assert.Equal(0, metrics.Value("curvature_runs_evicted_total"));
    }

    [Fact]
    public void A_running_run_stays_however_long_it_is_silent()
    {
        var metrics = Metrics();
        metrics.StartRun(new RunDescription("r"));
        _clock.Advance(TimeSpan.FromDays(30));
        Assert.NotEqual(0, Count(metrics, "r"));
    }

    [Fact]
    public void A_report_after_the_end_starts_the_grace_period_again()
    {
        var metrics = Metrics();
        var run = metrics.StartRun(new RunDescription("r"));
        run.SetState(RunState.Finished);
        _clock.Advance(TimeSpan.FromMinutes(10));
        run.Apply(Sharpness(200));
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, metrics.Value("curvature_lambda_max", ("run", "r")));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, Count(metrics, "r"));
    }

    [Fact]
    public void A_stale_run_that_comes_back_in_time_stays()
    {
        var metrics = Metrics();
        var run = metrics.StartRun(new RunDescription("r"));
        run.SetState(RunState.Stale);
        _clock.Advance(TimeSpan.FromMinutes(14));
        run.SetState(RunState.Running);
        _clock.Advance(TimeSpan.FromMinutes(60));
        Assert.NotEqual(0, Count(metrics, "r"));
    }

    [Fact]
    public void Reports_to_a_run_that_is_gone_have_no_effect()
    {
        var metrics = Metrics();
        var run = metrics.StartRun(new RunDescription("r") { Analyses = [], Operators = [] });
        run.SetState(RunState.Failed);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, Count(metrics, "r"));
        Scenario.Fill(run);
        run.SetState(RunState.Running);
        Assert.Equal(0, Count(metrics, "r"));
    }

    [Fact]
    public void A_run_started_anew_under_its_name_begins_from_nothing_and_the_old_handle_is_dead()
    {
        var metrics = Metrics();
        var old = metrics.StartRun(new RunDescription("r", Model: "mlp"));
        Scenario.Fill(old);
        var fresh = metrics.StartRun(new RunDescription("r", Model: "lenet"));
        old.Apply(Taken);
        old.Apply(Sharpness(5));
        Assert.Equal(0, metrics.Value("curvature_checkpoints_emitted_total"));
        Assert.Null(metrics.Value("curvature_lambda_max"));
        Assert.Equal("lenet", metrics.Samples().Single(s => s.Name == "curvature_run_info").Label("model"));
        fresh.Apply(Taken);
        Assert.Equal(1, metrics.Value("curvature_checkpoints_emitted_total"));
    }

    [Fact]
    public void Beyond_the_cap_the_longest_ended_run_goes_first_then_the_longest_silent_and_each_is_counted()
    {
        var metrics = Metrics(maxRuns: 3);
        var runs = Enumerable
            .Range(0, 3)
            .Select(i =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return metrics.StartRun(new RunDescription(Name(i)));
            })
            .ToList();
        runs[2].SetState(RunState.Finished);
        _clock.Advance(TimeSpan.FromSeconds(1));
        runs[1].SetState(RunState.Failed);
        _clock.Advance(TimeSpan.FromSeconds(1));

        metrics.StartRun(new RunDescription(Name(3)));
        Assert.Equal([Name(0), Name(1), Name(3)], metrics.Runs.Order(StringComparer.Ordinal));
        _clock.Advance(TimeSpan.FromSeconds(1));
        metrics.StartRun(new RunDescription(Name(4)));
        Assert.Equal([Name(0), Name(3), Name(4)], metrics.Runs.Order(StringComparer.Ordinal));
        _clock.Advance(TimeSpan.FromSeconds(1));
        runs[0].Apply(Scenario.Progressed(1, 1));
        metrics.StartRun(new RunDescription(Name(5)));
        Assert.Equal([Name(0), Name(4), Name(5)], metrics.Runs.Order(StringComparer.Ordinal));

        Assert.Equal(3, metrics.Value("curvature_runs_evicted_total"));
        Assert.Equal(
            [Name(0), Name(4), Name(5)],
            metrics.Samples().Select(s => s.Label("run")).OfType<string>().Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_run_started_anew_at_the_cap_evicts_nobody()
    {
        var metrics = Metrics(maxRuns: 1);
        metrics.StartRun(new RunDescription("r"));
        metrics.StartRun(new RunDescription("r"));
        Assert.Equal(0, metrics.Value("curvature_runs_evicted_total"));
    }

    [Fact]
    public void Series_of_an_actor_come_and_go_together()
    {
        var metrics = Metrics();
        metrics.AddActor("curvature");
        Assert.Equal(0, metrics.Value("curvature_actor_restarts_total", ("actor", "curvature")));
        Assert.Null(metrics.Value("curvature_mailbox_depth"));
        metrics.ActorRestarted("curvature");
        metrics.ReportMailboxDepth("curvature", 0);
        Assert.Equal(1, metrics.Value("curvature_actor_restarts_total"));
        Assert.Equal(0, metrics.Value("curvature_mailbox_depth"));
        metrics.RemoveActor("curvature");
        Assert.DoesNotContain(metrics.Samples(), s => s.Label("actor") is not null);
    }

    [Fact]
    public void Native_objects_are_absent_until_they_are_reported_and_are_read_at_every_scrape()
    {
        var metrics = Metrics();
        Assert.Null(metrics.Value("curvature_native_objects"));
        var live = 0L;
        metrics.AddCollector(m => m.ReportNative(++live, 100 * live));
        Assert.Equal(1, metrics.Value("curvature_native_objects"));
        Assert.Equal(200, metrics.Value("curvature_native_bytes"));
        metrics.DeadLetter();
        Assert.Equal(1, metrics.Value("curvature_dead_letters_total"));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new CurvatureMetrics(new CurvatureMetricsOptions { MaxRuns = 0 })
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new CurvatureMetrics(new CurvatureMetricsOptions { GracePeriod = TimeSpan.FromSeconds(-1) })
        );
    }

    private static CheckpointTaken Taken { get; } = new("r", Scenario.Time, 1, Final: false);

    private static CheckpointMeasured Sharpness(long step) =>
        Scenario.Measured(step, AnalysisKind.Sharpness, Scenario.Sharpness(OperatorKind.Hessian, 1));

    private static string Name(int i) => "run-" + i.ToString(CultureInfo.InvariantCulture);

    private static int Count(CurvatureMetrics metrics, string run) =>
        metrics.Samples().Count(s => s.Label("run") == run);

    private CurvatureMetrics Metrics(int maxRuns = 200) =>
        new(new CurvatureMetricsOptions { MaxRuns = maxRuns }, _clock);
}
