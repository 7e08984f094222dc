using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of the limits of stability, and of where the sharpness stands to them.</summary>
internal sealed class StabilityFamilies(MetricRegistry registry)
{
    private static readonly string[] ByKind = ["run", "kind"];

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
