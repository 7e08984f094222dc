using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

/// <summary>What the events of runs, one after the other, leave in the metrics.</summary>
public sealed class RunMetricsObserverTests
{
    private readonly ManualClock _clock = new();
    private readonly CurvatureMetrics _metrics;
    private readonly RunMetricsObserver _observer;

    public RunMetricsObserverTests()
    {
        _metrics = new CurvatureMetrics(null, _clock);
        _observer = new RunMetricsObserver(_metrics);
    }

    [Fact]
    public void A_sharpness_leaves_the_spectrum_its_shape_and_its_ranks_with_the_step_that_they_describe()
    {
        Start(AnalysisKind.Spectrum, AnalysisKind.Sharpness);
        Measured(10, AnalysisKind.Spectrum, Scenario.Spectrum(OperatorKind.Hessian));
        string[] families =
        [
            "curvature_eigenvalue",
            "curvature_negative",
            "curvature_effective_rank",
            "curvature_degenerate",
            "curvature_outliers",
            "curvature_trace",
        ];
        string[] ofTheSpectrum = Lines(families);
        Assert.True(ofTheSpectrum.Length > 40);
        Measured(20, AnalysisKind.Sharpness, Scenario.Sharpness(OperatorKind.Hessian, 7, -1));

        Assert.Equal(ofTheSpectrum, Lines(families));
        Assert.Equal(
            [
                "curvature_analysis_step{run=\"r\",analysis=\"spectrum\"} 10",
                "curvature_analysis_step{run=\"r\",analysis=\"sharpness\"} 20",
            ],
            Lines("curvature_analysis_step")
        );
        Assert.Equal(["curvature_result_step{run=\"r\",operator=\"hessian\"} 20"], Lines("curvature_result_step"));
        Assert.Equal(["curvature_lambda_max{run=\"r\",operator=\"hessian\"} 7"], Lines("curvature_lambda_max{"));
        Assert.Equal(["curvature_lambda_min{run=\"r\",operator=\"hessian\"} -1"], Lines("curvature_lambda_min{"));
    }

    [Fact]
    public void In_a_run_without_spectra_the_ranks_are_those_of_the_sharpness()
    {
        Start(AnalysisKind.Sharpness);
        Measured(10, AnalysisKind.Sharpness, Scenario.Sharpness(OperatorKind.Hessian, 7));
        Measured(20, AnalysisKind.Sharpness, Scenario.Sharpness(OperatorKind.Hessian, 8));
        Assert.Equal(
            ["curvature_eigenvalue{run=\"r\",operator=\"hessian\",rank=\"1\"} 8"],
            Lines("curvature_eigenvalue{")
        );
        Assert.Empty(Lines("curvature_eigenvalues", "curvature_effective_rank"));
    }

    [Fact]
    public void In_a_run_with_trace_analysis_the_trace_is_not_that_of_the_spectrum()
    {
        Start(AnalysisKind.Spectrum, AnalysisKind.Trace);
        Measured(10, AnalysisKind.Spectrum, Scenario.Spectrum(OperatorKind.Hessian));
        Assert.Empty(Lines("curvature_trace"));
    }

    [Fact]
    public void An_event_of_a_run_that_has_not_started_or_has_ended_changes_nothing()
    {
        _observer.OnEvent(Scenario.Progressed(1, 2));
        Assert.Empty(Lines("curvature_training"));
        Start(AnalysisKind.Sharpness);
        _observer.OnEvent(
            new RunEnded(
                Scenario.Time.AddSeconds(9),
                new RunSummary
                {
                    Run = "r",
                    Outcome = RunOutcome.Stopped,
                    OverheadShare = 0.5,
                }
            )
        );
        _observer.OnEvent(Scenario.Progressed(1, 2));
        Assert.Empty(Lines("curvature_training"));
        Assert.Equal(["curvature_overhead_ratio{run=\"r\"} 0.5"], Lines("curvature_overhead_ratio"));
        Assert.Equal(1, _metrics.Value("curvature_run_state", ("state", "finished")));
        Assert.Equal(1767225609, _metrics.Value("curvature_run_end_timestamp_seconds"));
    }

    [Fact]
    public void A_run_whose_trainer_is_heard_after_the_grace_period_begins_again()
    {
        Start(AnalysisKind.Sharpness);
        _observer.OnEvent(Scenario.Progressed(1, 2));
        _observer.OnEvent(new TrainerSilent("r", Scenario.Time, 60));
        Assert.Equal(1, _metrics.Value("curvature_run_state", ("state", "stale")));
        _observer.OnEvent(new TrainerHeard("r", Scenario.Time));
        Assert.Equal(1, _metrics.Value("curvature_run_state", ("state", "running")));
        Assert.Equal(1, _metrics.Value("curvature_training_step"));

        _observer.OnEvent(new TrainerSilent("r", Scenario.Time, 60));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(Lines("curvature_run_state"));
        _observer.OnEvent(new TrainerHeard("r", Scenario.Time));
        Assert.Equal(1, _metrics.Value("curvature_run_state", ("state", "running")));
        Assert.Null(_metrics.Value("curvature_training_step"));
    }

    [Fact]
    public void A_crash_and_a_gap_are_shown()
    {
        Start(AnalysisKind.Sharpness);
        Assert.Equal(0, _metrics.Value("curvature_run_degraded"));
        _observer.OnEvent(new ActorRestarted("r", Scenario.Time, "curvature", "why"));
        _observer.OnEvent(new RunDegraded("r", Scenario.Time, 3, AnalysisKind.Sharpness));
        Assert.Equal(1, _metrics.Value("curvature_actor_restarts_total", ("actor", "curvature")));
        Assert.Equal(1, _metrics.Value("curvature_run_degraded"));
    }

    private void Start(params AnalysisKind[] analyses) =>
        _observer.OnEvent(
            new RunStarted(
                new RunDescription("r", "m", "sgd", "d")
                {
                    Started = Scenario.Time,
                    Analyses = analyses,
                    Operators = ["hessian"],
                }
            )
        );

    private void Measured(long step, AnalysisKind analysis, Measurement measurement) =>
        _observer.OnEvent(Scenario.Measured(step, analysis, measurement));

    private string[] Lines(params string[] beginnings) =>
        [
            .. _metrics
                .Registry.Text(ExpositionFormat.Text)
                .Split('\n')
                .Where(line => beginnings.Any(beginning => line.StartsWith(beginning, StringComparison.Ordinal))),
        ];
}
