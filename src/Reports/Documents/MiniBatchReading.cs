using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>
/// Spectra of random batches of one size beside what theory predicts of them, and what follows for the learning rate.
/// </summary>
internal sealed record MiniBatchReading
{
    /// <summary>Samples that batches were drawn from: the probe set.</summary>
    public long? Samples { get; init; }

    /// <summary>How many batches were drawn.</summary>
    public int? Batches { get; init; }

    /// <summary>Whether the eigenvalues of every batch reached their tolerance.</summary>
    public bool? Converged { get; init; }

    /// <summary>b = B/(1 − B/N).</summary>
    public double? EffectiveSize { get; init; }

    /// <summary>√(P/b)·σ: an eigenvalue of the whole set below it leaves no trace in a batch.</summary>
    public double? Threshold { get; init; }

    /// <summary>Standard error of <see cref="Threshold"/>.</summary>
    public double? ThresholdStderr { get; init; }

    /// <summary>The largest eigenvalue of a batch (theorem 14).</summary>
    public ComparedReading? LambdaMax { get; init; }

    /// <summary>The smallest eigenvalue of a batch (theorem 14).</summary>
    public ComparedReading? LambdaMin { get; init; }

    /// <summary>(uᵀφ)² of a batch's top eigenvector with the whole set's (section 5.8).</summary>
    public ComparedReading? Overlap { get; init; }

    /// <summary>Predicted overlap with the eigenvector of the true loss (theorem 17).</summary>
    public double? OverlapWithTruth { get; init; }

    /// <summary>
    /// The largest eigenvalue by theorem 16 as it is printed, which holds in units of the noise; of the Gauss-Newton
    /// matrix alone.
    /// </summary>
    public double? LambdaMaxMultiplicative { get; init; }

    /// <summary>Means of the largest eigenvalues of a batch, largest first.</summary>
    public IReadOnlyList<double>? Eigenvalues { get; init; }

    /// <summary>Standard deviations of one batch.</summary>
    public IReadOnlyList<double>? EigenvalueSpreads { get; init; }

    /// <summary>
    /// What theorem 14 predicts of them; those below the threshold lie in the bulk, whose edge it is then.
    /// </summary>
    public IReadOnlyList<double>? EigenvaluesPredicted { get; init; }

    /// <summary>The stems of all batches, averaged.</summary>
    public DiscreteDensity? Density { get; init; }

    /// <summary>η₀Pσ²/(2b), the least damping (equation 5.36); where the learning rate is known.</summary>
    public double? MinimumDamping { get; init; }

    /// <summary>λ'₁ predicted for a batch of this size out of the training set.</summary>
    public double? TrainingSharpness { get; init; }

    /// <summary>The rate that keeps sharpness × rate where it is now; of the Hessian alone.</summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// The rate at which the predicted sharpness reaches the optimiser's limit; of the Hessian alone.
    /// </summary>
    public double? LargestLearningRate { get; init; }

    internal static MiniBatchReading Of(MiniBatchResult result)
    {
        var (measured, predicted) = (result.Measured, result.Predicted);
        var reading = new MiniBatchReading
        {
            Samples = measured.Provenance.Samples,
            Batches = measured.Batches,
            Converged = measured.Converged,
            LambdaMax = ComparedReading.Of(measured.Eigenvalues[0], predicted?.Eigenvalues[0]),
            LambdaMin = ComparedReading.Of(measured.Smallest, predicted?.Smallest),
            Overlap = measured.Overlap is { } overlap ? ComparedReading.Of(overlap, predicted?.Overlap) : null,
            Eigenvalues = [.. measured.Eigenvalues.Select(value => value.Mean)],
            EigenvalueSpreads = [.. measured.Eigenvalues.Select(value => value.Deviation)],
            Density = new DiscreteDensity(measured.Density.Nodes, measured.Density.Weights),
            MinimumDamping = result.MinimumDamping,
            TrainingSharpness = result.Advice?.PredictedSharpness,
            LearningRate = result.Advice?.LearningRate,
            LargestLearningRate = result.Advice?.LargestLearningRate,
        };
        return predicted is null
            ? reading
            : reading with
            {
                EffectiveSize = predicted.EffectiveSize,
                Threshold = predicted.Threshold.Value,
                ThresholdStderr = predicted.Threshold.Error,
                OverlapWithTruth = predicted.OverlapWithTruth,
                LambdaMaxMultiplicative = predicted.Multiplicative,
                EigenvaluesPredicted =
                [
                    .. predicted.Eigenvalues.Take(measured.Eigenvalues.Count).Select(value => value.Value),
                ],
            };
    }
}
