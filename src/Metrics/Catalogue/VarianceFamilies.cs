using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>Families of how much an operator differs between samples, and of what that means for batches.</summary>
internal sealed class VarianceFamilies(MetricRegistry registry)
{
    private static readonly string[] ByDirection = ["run", "operator", "direction"];

    public MetricFamily<Gauge> Variance { get; } =
        registry.AddGauge(
            "curvature_hessian_variance",
            "Variance of the operator over samples: summed over all entries (isotropic), or along the top eigenvector "
                + "(top).",
            ByDirection
        );

    public MetricFamily<Gauge> VarianceError { get; } =
        registry.AddGauge(
            "curvature_hessian_variance_stderr",
            "Standard error of the variance of the operator over samples.",
            ByDirection
        );

    public MetricFamily<Gauge> PredictedBatchLambdaMax { get; } =
        registry.AddGauge(
            "curvature_predicted_batch_lambda_max",
            "Largest eigenvalue on a batch of this size, as random matrix theory predicts it.",
            ["run", "operator", "batch_size"]
        );
}
