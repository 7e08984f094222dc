using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// Spectra of random batches of one size, the prediction of random matrix theory, and its consequence for the training.
/// </summary>
/// <param name="Measured">The spectra.</param>
/// <param name="Predicted">The prediction; null where the variance is not known.</param>
public sealed record MiniBatchResult(BatchSpectrumMeasurement Measured, MiniBatchPrediction? Predicted)
{
    /// <summary>η₀Pσ²/(2b), the least damping (equation 5.36); null where the learning rate is not known.</summary>
    public double? MinimumDamping { get; init; }

    /// <summary>
    /// Rates for batches of this size out of the training set; of the Hessian alone, null where optimiser or batch of
    /// the training are not known.
    /// </summary>
    public LearningRateAdvice? Advice { get; init; }
}
