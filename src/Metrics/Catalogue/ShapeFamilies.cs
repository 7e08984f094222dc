using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of what a spectrum says in numbers.</summary>
internal sealed class ShapeFamilies(MetricRegistry registry)
{
    private static readonly string[] ByOperator = ["run", "operator"];

    public MetricFamily<Gauge> NegativeEigenvalues { get; } =
        registry.AddGauge(
            "curvature_negative_eigenvalues_ratio",
            "Share of eigenvalues that are negative beyond rounding.",
            ByOperator,
            "ratio"
        );

    public MetricFamily<Gauge> NegativeMass { get; } =
        registry.AddGauge(
            "curvature_negative_mass_ratio",
            "Share of the sum of |eigenvalue| that negative eigenvalues make up.",
            ByOperator,
            "ratio"
        );

    public MetricFamily<Gauge> Degenerate { get; } =
        registry.AddGauge(
            "curvature_degenerate_eigenvalues_ratio",
            "Share of eigenvalues that the Ritz values nearest zero stand for: a proxy for the null space.",
            ByOperator,
            "ratio"
        );

    public MetricFamily<Gauge> EffectiveRank { get; } =
        registry.AddGauge(
            "curvature_effective_rank",
            "Directions with curvature: the participation ratio (sum |eigenvalue|)^2 / sum eigenvalue^2.",
            ByOperator
        );

    public MetricFamily<Gauge> Outliers { get; } =
        registry.AddGauge(
            "curvature_outliers",
            "Eigenvalues that stand apart from the bulk, on both sides; absent below 20 Lanczos steps, which cannot "
                + "tell.",
            ByOperator
        );
}
