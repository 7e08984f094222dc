namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// What the measured variance means, by random matrix theory, for batches and for the optimiser. Predictions, to be
/// shown beside measurements.
/// </summary>
/// <param name="Predictions">The largest eigenvalue of each operator on batches of some sizes.</param>
/// <param name="MinimumDamping">The least damping at the checkpoint's learning rate; null where rate, batch or Hessian
/// are not known.</param>
/// <param name="LargestLearningRate">The rate at which a training batch reaches the stability limit; null
/// likewise.</param>
public sealed record MiniBatchOutlook(
    IReadOnlyList<BatchPrediction> Predictions,
    double? MinimumDamping,
    double? LargestLearningRate
);
