using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of the batch sharpness.</summary>
internal sealed class BatchSharpnessFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];

    public MetricFamily<Gauge> Sharpness { get; } =
        registry.AddGauge(
            "curvature_batch_sharpness",
            "Mean over random batches B of g'H_B g / |g|^2 with g the gradient of the batch.",
            Run
        );

    public MetricFamily<Gauge> SharpnessError { get; } =
        registry.AddGauge("curvature_batch_sharpness_stderr", "Standard error of the batch sharpness.", Run);
}
