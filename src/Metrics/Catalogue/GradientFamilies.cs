using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of gradient and parameters on the probe set.</summary>
internal sealed class GradientFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];

    public MetricFamily<Gauge> Norm { get; } =
        registry.AddGauge("curvature_probe_gradient_norm", "Euclidean norm of the gradient on the probe set.", Run);

    public MetricFamily<Gauge> Variance { get; } =
        registry.AddGauge(
            "curvature_gradient_variance",
            "Trace of the covariance of the gradients of single samples.",
            Run
        );

    public MetricFamily<Gauge> VarianceError { get; } =
        registry.AddGauge(
            "curvature_gradient_variance_stderr",
            "Standard error of the gradient variance; rounding alone where every sample was taken by itself.",
            Run
        );

    public MetricFamily<Gauge> NoiseScale { get; } =
        registry.AddGauge(
            "curvature_gradient_noise_scale_samples",
            "Batch size at which noise and signal of a gradient are equal: gradient variance / |gradient|^2.",
            Run,
            "samples"
        );

    public MetricFamily<Gauge> NoiseScaleError { get; } =
        registry.AddGauge(
            "curvature_gradient_noise_scale_stderr_samples",
            "Standard error of the gradient noise scale over the data: what another probe set of this size would give.",
            Run,
            "samples"
        );

    public MetricFamily<Gauge> WeightNorm { get; } =
        registry.AddGauge("curvature_weight_norm", "Euclidean norm of the parameters.", Run);
}
