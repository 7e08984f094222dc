using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed partial class RunMetricsTests
{
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
        // Known to be 0 is not unknown.
        Assert.Equal(0, _metrics.Value("curvature_lambda_min_residual", ("operator", "hessian")));
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
}
