using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed partial class RunMetricsTests
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
                Momentum = 0.9,
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
                "curvature_run_branch",
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
            Assert.Equal(["running", "finished", "failed", "stale", "diverged"], states.Keys);
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
        _run.Apply(Scenario.Progressed(1, 2.3));
        Assert.Equal(1, _metrics.Value("curvature_training_step"));
        Assert.Equal(2.3, _metrics.Value("curvature_training_loss"));
        Assert.Equal(0.1, _metrics.Value("curvature_training_learning_rate"));
        Assert.Equal(0.9, _metrics.Value("curvature_training_momentum"));
        Assert.Equal(128, _metrics.Value("curvature_training_batch_size"));
        Assert.Equal(0.5, _metrics.Value("curvature_gradient_norm"));
        Assert.Null(_metrics.Value("curvature_training_damping"));

        _run.Apply(new TrainingReported("r", Scenario.Time, 2, double.NaN, null, null));
        Assert.Equal(2, _metrics.Value("curvature_training_step"));
        Assert.Equal(double.NaN, _metrics.Value("curvature_training_loss"));
        Assert.Null(_metrics.Value("curvature_training_learning_rate"));
        Assert.Null(_metrics.Value("curvature_training_batch_size"));
        Assert.Null(_metrics.Value("curvature_gradient_norm"));
        // Of the run, not of a step.
        Assert.Equal(0.9, _metrics.Value("curvature_training_momentum"));
    }

    [Fact]
    public void Accuracy_stays_until_the_next_evaluation()
    {
        _run.Apply(Scenario.Progressed(2, 1) with { Evaluation = new Evaluation(1, 0.8) });
        _run.Apply(Scenario.Progressed(3, 1));
        _run.Apply(Scenario.Progressed(4, 1) with { Evaluation = new Evaluation(1, Accuracy: null) });
        Assert.Equal(0.8, _metrics.Value("curvature_training_accuracy_ratio"));
        _run.Apply(Scenario.Progressed(5, 1) with { Evaluation = new Evaluation(1, 0.9) });
        Assert.Equal(0.9, _metrics.Value("curvature_training_accuracy_ratio"));
    }

    [Fact]
    public void Checkpoints_jobs_and_products_are_counted()
    {
        _run.Apply(new CheckpointTaken("r", Scenario.Time, 1, Final: false));
        _run.Apply(new CheckpointTaken("r", Scenario.Time.AddSeconds(9), 2, Final: false));
        _run.Apply(new CheckpointDropped("r", Scenario.Time, 2, DropReason.SpoolFull));
        // 2 products beyond those of the measurements: of the preconditioned Hessian.
        _run.Apply(Spectrum(1, Hessian) with { Cost = Hessian.Cost with { CurvatureProducts = 42 } });
        _run.Apply(Failed(AnalysisKind.Spectrum, JobFailureReason.OutOfMemory, seconds: -1));
        _run.Apply(Failed(AnalysisKind.Spectrum, JobFailureReason.TimedOut, seconds: 4));
        _run.Apply(Failed(AnalysisKind.Trace, JobFailureReason.Cancelled, seconds: 1));
        _run.Apply(
            Sharpness(
                1,
                Scenario.Sharpness(OperatorKind.Residual, 1) with
                {
                    Cost = Hessian.Cost with { CurvatureProducts = 7 },
                }
            )
        );
        _run.JobEnded("spectrum", JobOutcome.Duplicate);
        Assert.Equal(2, _metrics.Value("curvature_checkpoints_emitted_total"));
        Assert.Equal(1767225609, _metrics.Value("curvature_checkpoint_timestamp_seconds"));
        Assert.Equal(1, _metrics.Value("curvature_checkpoints_dropped_total", ("reason", "spool_full")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "spectrum"), ("outcome", "ok")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "spectrum"), ("outcome", "failed")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "spectrum"), ("outcome", "timeout")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "spectrum"), ("outcome", "duplicate")));
        Assert.Equal(1, _metrics.Value("curvature_jobs_total", ("analysis", "trace"), ("outcome", "cancelled")));
        Assert.Equal(0, _metrics.Value("curvature_jobs_total", ("analysis", "trace"), ("outcome", "ok")));
        Assert.Equal(
            ["out_of_memory", "timed_out"],
            _metrics
                .Samples()
                .Where(s => s.Name == "curvature_job_failures_total" && s.Value == 1)
                .Select(s => s.Label("reason"))
        );
        Assert.Equal(2, _metrics.Value("curvature_job_duration_seconds_count", ("analysis", "spectrum")));
        Assert.Equal(5.5, _metrics.Value("curvature_job_duration_seconds_sum", ("analysis", "spectrum")));
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
        Assert.True(_run.IsServed);
    }

    private static AnalysisFailed Failed(AnalysisKind analysis, JobFailureReason reason, double seconds) =>
        new("r", Scenario.Time, 1, analysis, reason, "why", seconds, 1, null);
}
