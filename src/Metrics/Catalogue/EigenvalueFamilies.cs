using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of the eigenvalues of an operator.</summary>
internal sealed class EigenvalueFamilies(MetricRegistry registry)
{
    private static readonly string[] ByOperator = ["run", "operator"];

    public MetricFamily<Gauge> Step { get; } =
        registry.AddGauge(
            "curvature_result_step",
            "Step of the checkpoint that the largest and the smallest eigenvalue of this operator describe.",
            ByOperator
        );

    public MetricFamily<Gauge> Timestamp { get; } =
        registry.AddGauge(
            "curvature_result_timestamp_seconds",
            "When the largest and the smallest eigenvalue of this operator were computed, in Unix time.",
            ByOperator,
            "seconds"
        );

    public MetricFamily<Gauge> LambdaMax { get; } =
        registry.AddGauge("curvature_lambda_max", "Largest eigenvalue (Ritz value): the sharpness.", ByOperator);

    public MetricFamily<Gauge> LambdaMaxResidual { get; } =
        registry.AddGauge(
            "curvature_lambda_max_residual",
            "Residual bound of the largest eigenvalue: its error bar.",
            ByOperator
        );

    public MetricFamily<Gauge> LambdaMin { get; } =
        registry.AddGauge("curvature_lambda_min", "Smallest eigenvalue (Ritz value).", ByOperator);

    public MetricFamily<Gauge> LambdaMinResidual { get; } =
        registry.AddGauge(
            "curvature_lambda_min_residual",
            "Residual bound of the smallest eigenvalue: its error bar.",
            ByOperator
        );

    public MetricFamily<Gauge> Eigenvalue { get; } =
        registry.AddGauge(
            "curvature_eigenvalue",
            "Top eigenvalues by rank, 1 the largest, from the spectrum where the run has spectra, else from the "
                + "sharpness; only those whose residual bound is at most a tenth of them.",
            ["run", "operator", "rank"]
        );

    public MetricFamily<GaugeHistogram> Eigenvalues { get; } =
        registry.AddGaugeHistogram(
            "curvature_eigenvalues",
            "Estimated number of eigenvalues at or below le; the count is the number of parameters, the sum the "
                + "estimated trace.",
            EigenvalueGrid.Bounds,
            ByOperator
        );
}
