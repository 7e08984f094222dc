using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed partial class RunMetricsTests
{
    [Fact]
    public void A_measurement_replaces_the_ends_shown_of_its_operator_and_of_no_other()
    {
        _run.Apply(Spectrum(10, Hessian) with { Time = Scenario.Time.AddSeconds(5) });
        _run.Apply(Sharpness(10, Scenario.Sharpness(OperatorKind.GaussNewton, 4)));
        Assert.Equal(10, _metrics.Value("curvature_result_step", ("operator", "hessian")));
        Assert.Equal(1767225605, _metrics.Value("curvature_result_timestamp_seconds", ("operator", "hessian")));
        Assert.Equal(1767225600, _metrics.Value("curvature_result_timestamp_seconds", ("operator", "ggn")));
        Assert.Equal(5, _metrics.Value("curvature_lambda_max", ("operator", "hessian")));
        Assert.Equal(1e-6, _metrics.Value("curvature_lambda_max_residual", ("operator", "hessian")));
        Assert.Equal(-2, _metrics.Value("curvature_lambda_min", ("operator", "hessian")));
        // Known to be 0 is not unknown.
        Assert.Equal(0, _metrics.Value("curvature_lambda_min_residual", ("operator", "hessian")));
        Assert.Equal(3, _metrics.Value("curvature_eigenvalue", ("rank", "3")));
        Assert.Equal(1000, _metrics.Value("curvature_eigenvalues_gcount"));
        Assert.Equal(793, _metrics.Value("curvature_eigenvalues_gsum")!.Value, 9);
        Assert.Equal(100, _metrics.Value("curvature_eigenvalues_bucket", ("le", "-1.0")));
        Assert.Equal(800, _metrics.Value("curvature_eigenvalues_bucket", ("le", "3.16")));
        Assert.Equal(4, _metrics.Value("curvature_lambda_max", ("operator", "ggn")));
        Assert.Null(_metrics.Value("curvature_lambda_min", ("operator", "ggn")));

        _run.Apply(Spectrum(20, Scenario.Spectrum(OperatorKind.Hessian, 6, 5)));
        Assert.Equal(20, _metrics.Value("curvature_result_step", ("operator", "hessian")));
        Assert.Equal(6, _metrics.Value("curvature_eigenvalue", ("rank", "1")));
        Assert.Null(_metrics.Value("curvature_eigenvalue", ("rank", "3")));
        _run.Apply(Sharpness(30, Scenario.Sharpness(OperatorKind.Hessian, 7)));
        Assert.Null(_metrics.Value("curvature_lambda_min", ("operator", "hessian")));
        Assert.Equal(10, _metrics.Value("curvature_result_step", ("operator", "ggn")));
    }

    [Fact]
    public void What_an_analysis_does_not_measure_stays_as_it_was_last_measured()
    {
        _run.Apply(Spectrum(10, Hessian));
        _run.Apply(Sharpness(20, Scenario.Sharpness(OperatorKind.Hessian, 6, -1)));

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
        _run.Apply(
            Spectrum(30, Scenario.Spectrum(OperatorKind.Hessian, 7) with { Trace = new Estimate(1, 0), Shape = null })
        );
        Assert.Equal([7], _metrics.Samples().Where(s => s.Name == "curvature_eigenvalue").Select(s => s.Value));
        Assert.Equal(1, _metrics.Value("curvature_eigenvalues_gsum"));
        Assert.Null(_metrics.Value("curvature_negative_mass_ratio"));
        Assert.Null(_metrics.Value("curvature_outliers"));
    }

    [Fact]
    public void A_spectrum_of_few_steps_tells_no_outliers()
    {
        _run.Apply(Spectrum(10, Hessian with { Provenance = Hessian.Provenance with { Steps = 19 } }));
        Assert.Equal(0.2, _metrics.Value("curvature_negative_mass_ratio"));
        Assert.Null(_metrics.Value("curvature_outliers"));
        _run.Apply(Spectrum(20, Hessian with { Provenance = Hessian.Provenance with { Reorthogonalised = false } }));
        Assert.Null(_metrics.Value("curvature_outliers"));
    }

    [Fact]
    public void No_more_than_sixteen_ranks_are_shown()
    {
        _run.Apply(
            Spectrum(1, Scenario.Spectrum(OperatorKind.Hessian, [.. Enumerable.Range(0, 40).Select(i => 100.0 - i)]))
        );
        Assert.Equal(
            Enumerable.Range(1, 16).Select(i => $"{i}"),
            _metrics.Samples().Where(s => s.Name == "curvature_eigenvalue").Select(s => s.Label("rank")!)
        );
    }

    [Fact]
    public void A_spectrum_without_a_finite_trace_is_absent_and_the_rest_is_shown()
    {
        _run.Apply(Spectrum(1, Hessian));
        _run.Apply(
            Spectrum(2, Scenario.Spectrum(OperatorKind.Hessian, 3) with { Trace = new Estimate(double.NaN, 0) })
        );
        Assert.Null(_metrics.Value("curvature_eigenvalues_gcount"));
        Assert.Equal(3, _metrics.Value("curvature_lambda_max"));
    }

    [Fact]
    public void Modules_have_their_numbers_until_they_are_not_measured_any_more()
    {
        _run.Apply(
            Scenario.Measured(
                10,
                AnalysisKind.Modules,
                Scenario.Modules(OperatorKind.Hessian, "fc1", "fc2"),
                Scenario.Modules(OperatorKind.GaussNewton, "fc1", "fc2")
            )
        );
        Assert.Equal(2, Of("curvature_module_lambda_max", "fc2", "hessian"));
        Assert.Equal(0.25, Of("curvature_module_lambda_max_residual", "fc2", "hessian"));
        Assert.Equal(20, Of("curvature_module_trace", "fc2", "ggn"));
        Assert.Equal(2, Of("curvature_module_trace_stderr", "fc2", "ggn"));
        Assert.Equal(2, _metrics.Value("curvature_modules_left_out"));
        Assert.Equal(10, _metrics.Value("curvature_analysis_step", ("analysis", "modules")));

        // The next ones are others; those of the other operator stay.
        _run.Apply(
            Scenario.Measured(
                20,
                AnalysisKind.Modules,
                Scenario.Modules(OperatorKind.Hessian, "head", "fc1") with { LeftOut = 0 }
            )
        );
        Assert.Equal(1, Of("curvature_module_lambda_max", "head", "hessian"));
        Assert.Equal(2, Of("curvature_module_lambda_max", "fc1", "hessian"));
        Assert.All(
            new[] { "_lambda_max", "_lambda_max_residual", "_trace", "_trace_stderr" },
            name => Assert.Null(Of($"curvature_module{name}", "fc2", "hessian"))
        );
        Assert.Equal(2, Of("curvature_module_lambda_max", "fc2", "ggn"));
        Assert.Equal(0, _metrics.Value("curvature_modules_left_out"));

        double? Of(string name, string module, string kind) =>
            _metrics.Value(name, ("module", module), ("operator", kind));
    }

    [Fact]
    public void No_more_than_thirty_two_modules_are_shown_and_the_others_are_told()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => $"layer{i}")];
        _run.Apply(Scenario.Measured(1, AnalysisKind.Modules, Scenario.Modules(OperatorKind.Hessian, names)));
        Assert.Equal(
            names[..32],
            _metrics.Samples().Where(s => s.Name == "curvature_module_trace").Select(s => s.Label("module")!)
        );
        Assert.Equal(10, _metrics.Value("curvature_modules_left_out"));
    }

    [Fact]
    public void The_stability_ratio_has_its_kind_and_its_interval()
    {
        StabilityLimit full = new(StabilityKind.Full, 20);
        _run.Apply(
            Spectrum(10, Hessian) with
            {
                Limits = [full, new StabilityLimit(StabilityKind.Preconditioned, 38)],
                Stability = new StabilityRatio(full, 0.25, 0.24, 0.26),
            }
        );
        Assert.Equal(20, _metrics.Value("curvature_stability_limit", ("kind", "full")));
        Assert.Equal(0.25, _metrics.Value("curvature_stability_ratio", ("kind", "full")));
        Assert.Equal(0.24, _metrics.Value("curvature_stability_ratio_low", ("kind", "full")));
        Assert.Equal(0.26, _metrics.Value("curvature_stability_ratio_high", ("kind", "full")));
        Assert.Equal(38, _metrics.Value("curvature_stability_limit", ("kind", "preconditioned")));
        Assert.Null(_metrics.Value("curvature_stability_ratio", ("kind", "preconditioned")));
    }

    [Fact]
    public void The_limit_of_batches_is_that_of_the_batch_sharpness_where_the_run_has_it()
    {
        StabilityLimit[] limits = [new(StabilityKind.Full, 20), new(StabilityKind.Batch, 10)];
        _run.Apply(Spectrum(10, Hessian) with { Limits = limits });
        Assert.Equal(10, _metrics.Value("curvature_stability_limit", ("kind", "batch")));

        var run = _metrics.StartRun(_run.Description with { Analyses = [AnalysisKind.BatchSharpness] });
        run.Apply(Spectrum(10, Hessian) with { Limits = limits });
        Assert.Equal(20, _metrics.Value("curvature_stability_limit", ("kind", "full")));
        Assert.Null(_metrics.Value("curvature_stability_limit", ("kind", "batch")));
        run.Apply(
            Scenario.Measured(20, AnalysisKind.BatchSharpness) with
            {
                Limits = [new(StabilityKind.Full, 21), new(StabilityKind.Batch, 11)],
            }
        );
        Assert.Equal(20, _metrics.Value("curvature_stability_limit", ("kind", "full")));
        Assert.Equal(11, _metrics.Value("curvature_stability_limit", ("kind", "batch")));
    }

    private static SpectrumMeasurement Hessian { get; } =
        Scenario.Spectrum(OperatorKind.Hessian) with
        {
            Smallest = new Estimate(-2, 0),
        };

    private static CheckpointMeasured Spectrum(long step, SpectrumMeasurement spectrum) =>
        Scenario.Measured(step, AnalysisKind.Spectrum, spectrum);

    private static CheckpointMeasured Sharpness(long step, SharpnessMeasurement sharpness) =>
        Scenario.Measured(step, AnalysisKind.Sharpness, sharpness);
}
