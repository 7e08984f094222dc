using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Tests;

/// <summary>
/// A trainer elsewhere that dies says nothing: its run is stale when nothing has come for too long, until something
/// comes.
/// </summary>
public sealed class SilentTrainerTests : IDisposable
{
    private const string Run = "tiny";
    private const double Limit = 600;
    private const double Grace = 900;

    private readonly string _folder = Directory.CreateTempSubdirectory("silent-").FullName;
    private readonly ManualClock _clock = new();
    private readonly RecordingObserver _observer = new();
    private readonly CurvatureMetrics _metrics;

    public SilentTrainerTests() =>
        _metrics = new CurvatureMetrics(
            new CurvatureMetricsOptions { GracePeriod = TimeSpan.FromSeconds(Grace) },
            _clock
        );

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_run_without_checkpoints_is_stale_after_the_limit_and_runs_again_with_the_next()
    {
        await using var monitor = await StartAsync();
        var run = monitor.StartIntake(Request(1, 2));
        await _observer.First<RunStarted>();
        run.Arrived(1);
        await Measured(1);
        _clock.Advance(Limit - 1);
        Assert.Equal(1, State("running"));
        _clock.Advance(1);
        Assert.Equal(Limit, (await _observer.First<TrainerSilent>()).Seconds);
        Assert.Equal((0, 1), (State("running"), State("stale")));

        // Once, however long it lasts.
        _clock.Advance(Grace / 2);
        run.Arrived(2);
        await Measured(2);
        Assert.Single(_observer.Of<TrainerSilent>());
        Assert.Single(_observer.Of<TrainerHeard>());
        Assert.Equal((1, 0), (State("running"), State("stale")));
        Assert.Equal(2, Scrape.Sample(_metrics, $"curvature_checkpoints_emitted_total{{run=\"{Run}\"}}"));
    }

    [Fact]
    public async Task A_stale_run_leaves_the_metrics_after_the_grace_period_and_returns_with_its_trainer()
    {
        await using var monitor = await StartAsync();
        var run = monitor.StartIntake(Request(1));
        await _observer.First<RunStarted>();
        _clock.Advance(Limit);
        await _observer.First<TrainerSilent>();
        _clock.Advance(Grace);
        Assert.Null(State("stale"));
        run.Arrived(1);
        await Measured(1);
        Assert.Equal((1, 0), (State("running"), State("stale")));
        Assert.Equal(1, Scrape.Sample(_metrics, $"curvature_checkpoints_emitted_total{{run=\"{Run}\"}}"));
    }

    [Fact]
    public async Task A_run_that_an_earlier_process_called_stale_stays_so_until_its_trainer_is_heard()
    {
        await using var monitor = await StartAsync();
        var request = Request(1);
        var run = monitor.StartIntake(
            request with
            {
                History = [Started(), new TrainerSilent(Run, DateTimeOffset.UnixEpoch, Limit)],
            }
        );
        await Until.HoldsAsync(() => State("stale") == 1);
        _clock.Advance(Limit);

        // Told again, and not once more.
        Assert.Single(_observer.Of<TrainerSilent>());
        run.Arrived(1);
        await Measured(1);
        Assert.Single(_observer.Of<TrainerHeard>());
        Assert.Equal(1, State("running"));
    }

    [Fact]
    public async Task A_run_that_is_over_is_never_stale()
    {
        await using var monitor = await StartAsync();
        var run = monitor.StartIntake(Request(1));
        run.Arrived(1);
        await Measured(1);
        run.Finish(null);
        await run.Completion;
        _clock.Advance(Limit);
        Assert.Empty(_observer.Of<TrainerSilent>());
        Assert.Equal((1, 0), (State("finished"), State("stale")));
    }

    [Fact]
    public void A_slow_trainer_has_three_of_its_intervals_and_a_fast_one_the_limit()
    {
        var pulse = new TrainerPulse(TimeSpan.FromSeconds(10));
        Assert.Equal(10, pulse.Timeout.TotalSeconds);
        pulse.Beat(At(0));
        pulse.Beat(At(1));
        Assert.Equal(10, pulse.Timeout.TotalSeconds);
        pulse.Beat(At(61));
        Assert.Equal(180, pulse.Timeout.TotalSeconds);

        // One long pause is not its pace, and no clock that jumps makes it wait for ever.
        pulse.Beat(At(62));
        Assert.Equal(10, pulse.Timeout.TotalSeconds);
        pulse.Beat(At(62 + 1e9));
        Assert.Equal(86_400, pulse.Timeout.TotalSeconds);

        static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
    }

    private static RunStarted Started() =>
        new(
            new RunDescription(Run, "m", "sgd", "d")
            {
                Momentum = 0,
                Parameters = 3,
                Steps = 100,
                ProbeSamples = 30,
                Started = DateTimeOffset.UnixEpoch,
                Analyses = [AnalysisKind.Spectrum],
                Operators = ["hessian"],
            }
        );

    private Task<CheckpointMeasured> Measured(long step) =>
        _observer.First<CheckpointMeasured>(measured => measured.Step == step);

    private double? State(string state) =>
        Scrape.Sample(_metrics, $"curvature_run_state{{run=\"{Run}\",state=\"{state}\"}}");

    private IntakeRequest Request(params long[] steps) =>
        new()
        {
            Run = Run,
            Bundle = TinyBundle.Write(Path.Combine(_folder, "b"), TinyBundle.Linear, Run, steps),
            Analyses = [new AnalysisCadence(AnalysisKind.Spectrum)],
            StaleAfter = TimeSpan.FromSeconds(Limit),
        };

    private Task<MonitorHost> StartAsync() =>
        MonitorHost.StartAsync(
            _metrics,
            [_observer],
            time: _clock,
            analyzers: new ScriptedAnalyzer((job, _) => Reports.Sharpness(job.Id.Step))
        );
}
