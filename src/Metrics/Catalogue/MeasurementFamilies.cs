using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of measured curvature.</summary>
internal sealed class MeasurementFamilies(MetricRegistry registry)
{
    private static readonly string[] ByOperator = ["run", "operator"];
    private static readonly string[] ByKind = ["run", "kind"];

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

    public MetricFamily<Gauge> Limit { get; } =
        registry.AddGauge(
            "curvature_stability_limit",
            "Sharpness at which the optimiser becomes unstable, with the learning rate of the measured checkpoint.",
            ByKind
        );

    public MetricFamily<Gauge> Ratio { get; } =
        registry.AddGauge(
            "curvature_stability_ratio",
            "Sharpness divided by the stability limit; 1 is the edge of stability.",
            ByKind,
            "ratio"
        );

    // The interval's ends cannot carry the unit: a name with a unit ends in it.
    public MetricFamily<Gauge> RatioLow { get; } =
        registry.AddGauge(
            "curvature_stability_ratio_low",
            "Lower end of the interval of the stability ratio, from the residual bound.",
            ByKind
        );

    public MetricFamily<Gauge> RatioHigh { get; } =
        registry.AddGauge(
            "curvature_stability_ratio_high",
            "Upper end of the interval of the stability ratio, from the residual bound.",
            ByKind
        );
}
