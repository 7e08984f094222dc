using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class RunMetricsTests
{
    private readonly ManualClock _clock = new();
    private readonly CurvatureMetrics _metrics;
    private readonly RunMetrics _run;

    public RunMetricsTests()
    {
        _metrics = new CurvatureMetrics(null, _clock);
        _run = _metrics.StartRun(
            new RunDescription("r", "lenet", "sgd", "mnist", "f00d")
            {
                Analyses = [AnalysisKind.Spectrum],
                Operators = ["hessian", "ggn"],
            }
        );
    }

    [Fact]
    public void A_fresh_run_shows_its_identity_its_state_and_counters_at_zero_and_not_a_single_unknown_number()
    {
        var names = _metrics
            .Samples()
            .Where(s => s.Label("run") == "r")
            .Select(s => s.Name)
            .Distinct()
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "curvature_checkpoints_dropped_total",
                "curvature_checkpoints_emitted_total",
                "curvature_job_duration_seconds_bucket",
                "curvature_job_duration_seconds_count",
                "curvature_job_duration_seconds_sum",
                "curvature_job_failures_total",
                "curvature_jobs_total",
                "curvature_products_total",
                "curvature_run_degraded",
                "curvature_run_info",
                "curvature_run_start_timestamp_seconds",
                "curvature_run_state",
            ],
            names
        );
        Assert.Equal(1767225600, _metrics.Value("curvature_run_start_timestamp_seconds"));
        Assert.Equal(
            1,
            _metrics.Value(
                "curvature_run_info",
                ("model", "lenet"),
                ("optimizer", "sgd"),
                ("dataset", "mnist"),
                ("revision", "f00d")
            )
        );
    }

    [Fact]
    public void Counters_exist_at_zero_for_every_known_reason_outcome_and_operator()
    {
        var samples = _metrics.Samples();
        Assert.Equal(
            ["superseded", "rejected", "expired", "missing", "poison", "spool_full"],
            samples
                .Where(s => s.Name == "curvature_checkpoints_dropped_total" && s.Value == 0)
                .Select(s => s.Label("reason"))
        );
        Assert.Equal(
            ["ok", "failed", "timeout", "cancelled", "duplicate"],
            samples.Where(s => s.Name == "curvature_jobs_total" && s.Value == 0).Select(s => s.Label("outcome"))
        );
        Assert.Equal(
            ["hessian", "ggn"],
            samples.Where(s => s.Name == "curvature_products_total" && s.Value == 0).Select(s => s.Label("operator"))
        );
        Assert.Equal(0, _metrics.Value("curvature_runs_evicted_total"));
        Assert.Equal(0, _metrics.Value("curvature_dead_letters_total"));
    }

    [Fact]
    public void A_run_is_in_exactly_one_state()
    {
        foreach (var state in Enum.GetValues<RunState>())
        {
            _run.SetState(state);
            var states = _metrics
                .Samples()
                .Where(s => s.Name == "curvature_run_state")
                .ToDictionary(s => s.Label("state")!, s => s.Value);
            Assert.Equal(["running", "finished", "failed", "stale"], states.Keys);
            Assert.Equal(KnownLabels.Text(state), states.Single(s => s.Value == 1).Key);
            Assert.Equal(1, states.Values.Sum());
        }
    }

    [Fact]
    public void The_end_is_stamped_once_and_taken_back_when_the_run_goes_on()
    {
        Assert.Null(_metrics.Value("curvature_run_end_timestamp_seconds"));
        _run.SetState(RunState.Stale);
        Assert.Null(_metrics.Value("curvature_run_end_timestamp_seconds"));
        _clock.Advance(TimeSpan.FromSeconds(10.5));
        _run.SetState(RunState.Finished);
        _clock.Advance(TimeSpan.FromSeconds(1));
        _run.SetState(RunState.Finished);
        Assert.Equal(1767225610.5, _metrics.Value("curvature_run_end_timestamp_seconds"));
        _run.SetState(RunState.Running);
        Assert.Null(_metrics.Value("curvature_run_end_timestamp_seconds"));
    }

    [Fact]
    public void A_training_step_replaces_the_one_before_as_a_whole_and_what_it_leaves_out_is_absent()
    {
        _run.ReportTraining(new TrainingSample(1, 2.3, 0.1, 0.9, 128));
        Assert.Equal(1, _metrics.Value("curvature_training_step"));
        Assert.Equal(2.3, _metrics.Value("curvature_training_loss"));
        Assert.Equal(0.1, _metrics.Value("curvature_training_learning_rate"));
        Assert.Equal(0.9, _metrics.Value("curvature_training_momentum"));
        Assert.Equal(128, _metrics.Value("curvature_training_batch_size"));

        _run.ReportTraining(new TrainingSample(2, double.NaN, null));
        Assert.Equal(2, _metrics.Value("curvature_training_step"));
        Assert.Equal(double.NaN, _metrics.Value("curvature_training_loss"));
        Assert.Null(_metrics.Value("curvature_training_learning_rate"));
        Assert.Null(_metrics.Value("curvature_training_momentum"));
        Assert.Null(_metrics.Value("curvature_training_batch_size"));
    }

    [Fact]
    public void Accuracy_stays_until_the_next_evaluation()
    {
        _run.ReportAccuracy(0.9);
        _run.ReportTraining(new TrainingSample(3, 1, 0.1));
        Assert.Equal(0.9, _metrics.Value("curvature_training_accuracy_ratio"));
        _run.ReportAccuracy(null);
        Assert.Null(_metrics.Value("curvature_training_accuracy_ratio"));
    }

    [Fact]
    public void A_measurement_replaces_the_ends_shown_of_its_operator_and_of_no_other()
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        _run.ReportOperator(
            new OperatorSample("hessian", 10)
            {
                LambdaMax = 5,
                LambdaMaxResidual = 1e-6,
                LambdaMin = -2,
                LambdaMinResidual = 0,
                Eigenvalues = [5, 4, 3],
                Spectrum = Scenario.Spectrum,
            }
        );
        _run.ReportOperator(new OperatorSample("ggn", 10) { LambdaMax = 4, Time = ManualClock.Start });
        Assert.Equal(10, _metrics.Value("curvature_result_step", ("operator", "hessian")));
        Assert.Equal(1767225605, _metrics.Value("curvature_result_timestamp_seconds", ("operator", "hessian")));
        Assert.Equal(1767225600, _metrics.Value("curvature_result_timestamp_seconds", ("operator", "ggn")));
        Assert.Equal(5, _metrics.Value("curvature_lambda_max", ("operator", "hessian")));
        Assert.Equal(1e-6, _metrics.Value("curvature_lambda_max_residual", ("operator", "hessian")));
        Assert.Equal(-2, _metrics.Value("curvature_lambda_min", ("operator", "hessian")));
        Assert.Equal(0, _metrics.Value("curvature_lambda_min_residual", ("operator", "hessian"))); // known to be 0 is not unknown
        Assert.Equal(3, _metrics.Value("curvature_eigenvalue", ("rank", "3")));
        Assert.Equal(1000, _metrics.Value("curvature_eigenvalues_gcount"));
        Assert.Equal(793, _metrics.Value("curvature_eigenvalues_gsum")!.Value, 9);
        Assert.Equal(100, _metrics.Value("curvature_eigenvalues_bucket", ("le", "-1.0")));
        Assert.Equal(800, _metrics.Value("curvature_eigenvalues_bucket", ("le", "3.16")));
        Assert.Equal(4, _metrics.Value("curvature_lambda_max", ("operator", "ggn")));
        Assert.Null(_metrics.Value("curvature_lambda_min", ("operator", "ggn")));

        _run.ReportOperator(new OperatorSample("hessian", 20) { LambdaMax = 6, Eigenvalues = [6, 5] });
        Assert.Equal(20, _metrics.Value("curvature_result_step", ("operator", "hessian")));
        Assert.Equal(6, _metrics.Value("curvature_eigenvalue", ("rank", "1")));
        Assert.Null(_metrics.Value("curvature_eigenvalue", ("rank", "3")));
        Assert.Null(_metrics.Value("curvature_lambda_min", ("operator", "hessian")));
        Assert.Equal(10, _metrics.Value("curvature_result_step", ("operator", "ggn")));
    }

    [Fact]
    public void What_an_analysis_does_not_measure_stays_as_it_was_last_measured()
    {
        var shape = new SpectrumShape { NegativeMass = 0.2, Outliers = 2 };
        _run.ReportOperator(
            new OperatorSample("hessian", 10)
            {
                LambdaMax = 5,
                LambdaMin = -2,
                Eigenvalues = [5, 4, 3],
                Spectrum = Scenario.Spectrum,
                Shape = shape,
            }
        );
        _run.ReportAnalysis("spectrum", 10, ManualClock.Start);
        _run.ReportOperator(new OperatorSample("hessian", 20) { LambdaMax = 6, LambdaMin = -1 });
        _run.ReportAnalysis("sharpness", 20);

        Assert.Equal(20, _metrics.Value("curvature_result_step", ("operator", "hessian")));
        Assert.Equal((6, -1), (_metrics.Value("curvature_lambda_max"), _metrics.Value("curvature_lambda_min")));
        Assert.Equal(10, _metrics.Value("curvature_analysis_step", ("analysis", "spectrum")));
        Assert.Equal(1767225600, _metrics.Value("curvature_analysis_timestamp_seconds", ("analysis", "spectrum")));
        Assert.Equal([5, 4, 3], _metrics.Samples().Where(s => s.Name == "curvature_eigenvalue").Select(s => s.Value));
        Assert.Equal(
            (1000, 200),
            (
                _metrics.Value("curvature_eigenvalues_gcount"),
                1000 - _metrics.Value("curvature_eigenvalues_bucket", ("le", "3.16"))
            )
        );
        Assert.Equal((0.2, 2), (_metrics.Value("curvature_negative_mass_ratio"), _metrics.Value("curvature_outliers")));

        // The next spectrum replaces all of it, and takes away what it cannot tell.
        _run.ReportOperator(
            new OperatorSample("hessian", 30)
            {
                LambdaMax = 7,
                Eigenvalues = [7],
                Spectrum = Scenario.Spectrum with { Trace = 1 },
            }
        );
        Assert.Equal([7], _metrics.Samples().Where(s => s.Name == "curvature_eigenvalue").Select(s => s.Value));
        Assert.Equal(1, _metrics.Value("curvature_eigenvalues_gsum"));
        Assert.Null(_metrics.Value("curvature_negative_mass_ratio"));
    }

    [Fact]
    public void No_more_than_sixteen_ranks_are_shown()
    {
        _run.ReportOperator(
            new OperatorSample("hessian", 1) { Eigenvalues = [.. Enumerable.Range(0, 40).Select(i => 100.0 - i)] }
        );
        Assert.Equal(
            Enumerable.Range(1, 16).Select(i => $"{i}"),
            _metrics.Samples().Where(s => s.Name == "curvature_eigenvalue").Select(s => s.Label("rank")!)
        );
    }

    [Fact]
    public void A_spectrum_with_a_number_that_is_none_is_absent_and_the_rest_is_shown()
    {
        _run.ReportOperator(
            new OperatorSample("hessian", 1) { LambdaMax = 3, Spectrum = new SpectralCounts([double.NaN], [1], 10) }
        );
        Assert.Null(_metrics.Value("curvature_eigenvalues_gcount"));
        Assert.Equal(3, _metrics.Value("curvature_lambda_max"));
        _run.ReportOperator(
            new OperatorSample("hessian", 2) { Spectrum = Scenario.Spectrum with { Trace = double.NaN } }
        );
        Assert.Null(_metrics.Value("curvature_eigenvalues_gcount"));
    }

    [Fact]
    public void A_malformed_spectrum_is_refused_and_changes_nothing()
    {
        _run.ReportOperator(new OperatorSample("hessian", 1) { LambdaMax = 3 });
        Assert.Throws<ArgumentException>(() =>
            _run.ReportOperator(new OperatorSample("hessian", 2) { Spectrum = new SpectralCounts([1, 2], [1], 5) })
        );
        Assert.Equal(1, _metrics.Value("curvature_result_step"));
    }

    [Fact]
    public void The_stability_ratio_has_its_kind_and_its_interval()
    {
        _run.ReportStability(new StabilitySample("full", 20, 0.25, 0.24, 0.26));
        _run.ReportStability(new StabilitySample("preconditioned", 38));
        Assert.Equal(20, _metrics.Value("curvature_stability_limit", ("kind", "full")));
        Assert.Equal(0.25, _metrics.Value("curvature_stability_ratio", ("kind", "full")));
        Assert.Equal(0.24, _metrics.Value("curvature_stability_ratio_low", ("kind", "full")));
        Assert.Equal(0.26, _metrics.Value("curvature_stability_ratio_high", ("kind", "full")));
        Assert.Equal(38, _metrics.Value("curvature_stability_limit", ("kind", "preconditioned")));
        Assert.Null(_metrics.Value("curvature_stability_ratio", ("kind", "preconditioned")));
    }

    [Fact]
    public void Checkpoints_jobs_and_products_are_counted()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        _run.CheckpointEmitted();
        _run.CheckpointEmitted(ManualClock.Start.AddSeconds(9));
        _run.CheckpointDropped(DropReason.SpoolFull);
        _run.JobEnded("spectrum", JobOutcome.Ok, TimeSpan.FromSeconds(1.5));
        _run.JobEnded("spectrum", JobOutcome.Failed, TimeSpan.FromSeconds(-1));
        _run.JobEnded("trace", JobOutcome.Cancelled);
        _run.ProductsApplied("hessian", 40);
        _run.ProductsApplied("hessian", 2);
        _run.ProductsApplied("residual", 7);
        _run.ReportOverhead(0.08);
        Assert.Equal(2, _metrics.Value("curvature_checkpoints_emitted_total"));
        Assert.Equal(1767225609, _metrics.Value("curvature_checkpoint_timestamp_seconds"));
        Assert.Equal(1, _metrics.Value("curvature_checkpoints_dropped_total", ("reason", "spool_full")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "spectrum"), ("outcome", "ok")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "spectrum"), ("outcome", "failed")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "trace"), ("outcome", "cancelled")));
        Assert.Equal(0, _metrics.Value("curvature_jobs_total", ("analysis", "trace"), ("outcome", "ok")));
        Assert.Equal(1, _metrics.Value("curvature_job_duration_seconds_count", ("analysis", "spectrum")));
        Assert.Equal(1.5, _metrics.Value("curvature_job_duration_seconds_sum", ("analysis", "spectrum")));
        Assert.Equal(
            0,
            _metrics.Value("curvature_job_duration_seconds_bucket", ("analysis", "spectrum"), ("le", "1.0"))
        );
        Assert.Equal(
            1,
            _metrics.Value("curvature_job_duration_seconds_bucket", ("analysis", "spectrum"), ("le", "2.5"))
        );
        Assert.Equal(42, _metrics.Value("curvature_products_total", ("operator", "hessian")));
        Assert.Equal(7, _metrics.Value("curvature_products_total", ("operator", "residual")));
        Assert.Equal(0.08, _metrics.Value("curvature_overhead_ratio"));
    }

    [Fact]
    public void A_run_needs_names()
    {
        Assert.Throws<ArgumentException>(() => _metrics.StartRun(new RunDescription("")));
        Assert.Throws<ArgumentException>(() => _metrics.StartRun(new RunDescription("r") { Operators = [""] }));
        Assert.Throws<ArgumentException>(() => _run.ReportOperator(new OperatorSample("", 1)));
        Assert.True(_run.IsServed);
    }
}
