using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>
/// Families of what is measured beside eigenvalues: traces, variances, shapes of spectra, eigenvectors, and the advice
/// that follows.
/// </summary>
internal sealed class StatisticsFamilies(MetricRegistry registry)
{
    private static readonly string[] Run = ["run"];
    private static readonly string[] ByAnalysis = ["run", "analysis"];
    private static readonly string[] ByOperator = ["run", "operator"];
    private static readonly string[] ByDirection = ["run", "operator", "direction"];

    public MetricFamily<Gauge> AnalysisStep { get; } =
        registry.AddGauge(
            "curvature_analysis_step",
            "Step of the checkpoint that the values of this analysis describe.",
            ByAnalysis
        );

    public MetricFamily<Gauge> AnalysisTimestamp { get; } =
        registry.AddGauge(
            "curvature_analysis_timestamp_seconds",
            "When this analysis last gave a result, in Unix time.",
            ByAnalysis,
            "seconds"
        );

    public MetricFamily<Gauge> BatchSharpness { get; } =
        registry.AddGauge(
            "curvature_batch_sharpness",
            "Mean over random batches B of g'H_B g / |g|^2 with g the gradient of the batch.",
            Run
        );

    public MetricFamily<Gauge> BatchSharpnessError { get; } =
        registry.AddGauge("curvature_batch_sharpness_stderr", "Standard error of the batch sharpness.", Run);

    public MetricFamily<Gauge> Trace { get; } =
        registry.AddGauge(
            "curvature_trace",
            "Trace: from the trace analysis where the run has one, else from the spectrum.",
            ByOperator
        );

    public MetricFamily<Gauge> TraceError { get; } =
        registry.AddGauge("curvature_trace_stderr", "Standard error of the trace.", ByOperator);

    public MetricFamily<Gauge> Frobenius { get; } =
        registry.AddGauge(
            "curvature_frobenius_norm",
            "Frobenius norm: root of the sum of squared eigenvalues.",
            ByOperator
        );

    public MetricFamily<Gauge> FrobeniusError { get; } =
        registry.AddGauge("curvature_frobenius_norm_stderr", "Standard error of the Frobenius norm.", ByOperator);

    public MetricFamily<Gauge> LayerTrace { get; } =
        registry.AddGauge(
            "curvature_layer_trace",
            "Trace of the diagonal block of a parameter tensor; the first 100 tensors of a model.",
            ["run", "layer", "operator"]
        );

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

    public MetricFamily<Gauge> ProbeGradientNorm { get; } =
        registry.AddGauge("curvature_probe_gradient_norm", "Euclidean norm of the gradient on the probe set.", Run);

    public MetricFamily<Gauge> GradientVariance { get; } =
        registry.AddGauge(
            "curvature_gradient_variance",
            "Trace of the covariance of the gradients of single samples.",
            Run
        );

    public MetricFamily<Gauge> GradientVarianceError { get; } =
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

    public MetricFamily<Gauge> DampingMinimum { get; } =
        registry.AddGauge(
            "curvature_damping_minimum",
            "Least damping of a second-order or adaptive step at which sampling noise does not raise the loss.",
            Run
        );

    public MetricFamily<Gauge> LearningRateMaximum { get; } =
        registry.AddGauge(
            "curvature_learning_rate_maximum",
            "Learning rate at which the predicted sharpness of a training batch reaches the stability limit.",
            Run
        );

    public MetricFamily<Gauge> Overlap { get; } =
        registry.AddGauge(
            "curvature_eigenvector_overlap",
            "Squared cosine between the eigenvector of this rank and that of the checkpoint tracked before.",
            ["run", "operator", "rank"]
        );

    public MetricFamily<Gauge> SubspaceOverlap { get; } =
        registry.AddGauge(
            "curvature_subspace_overlap_ratio",
            "Overlap of the top eigenspace with that of the checkpoint tracked before; 1 where one contains the other.",
            ByOperator,
            "ratio"
        );

    public MetricFamily<Gauge> GradientAlignment { get; } =
        registry.AddGauge(
            "curvature_gradient_alignment_ratio",
            "Share of the squared gradient that lies in the top eigenspace.",
            ByOperator,
            "ratio"
        );
}
