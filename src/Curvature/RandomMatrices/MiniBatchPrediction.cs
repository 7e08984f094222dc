using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>
/// What <see cref="MiniBatchTheory"/> predicts of one batch size, with the error bars that the measured curvature and
/// variance leave.
/// </summary>
/// <param name="EffectiveSize">b = B/(1 − B/N).</param>
/// <param name="Threshold">√(P/b)·σ, below which an eigenvalue leaves no trace in a batch; the bulk of the noise ends
/// at twice that.</param>
/// <param name="Eigenvalues">The predicted largest eigenvalues of a batch, one for each that was given (theorem 14);
/// those below the threshold are all its edge.</param>
/// <param name="Smallest">The predicted smallest eigenvalue of a batch (theorem 14).</param>
/// <param name="Overlap">|φ̂ᵀφ|² of a batch's top eigenvector with that of the whole set (section 5.8).</param>
/// <param name="OverlapWithTruth">|φ̂ᵀφ|² with that of the true loss (theorem 17).</param>
/// <param name="Multiplicative">The largest eigenvalue by theorem 16 as it is printed, which holds in units of the
/// noise alone; null but for the Gauss-Newton matrix.</param>
public sealed record MiniBatchPrediction(
    double EffectiveSize,
    Estimate Threshold,
    IReadOnlyList<Estimate> Eigenvalues,
    Estimate Smallest,
    Estimate Overlap,
    double OverlapWithTruth,
    double? Multiplicative
)
{
    /// <summary>The prediction for one operator.</summary>
    /// <param name="kind">Which operator; theorem 16 is for the Gauss-Newton matrix.</param>
    /// <param name="dimension">P.</param>
    /// <param name="largest">λ₁, λ₂, … of the whole set, at least one.</param>
    /// <param name="smallest">λ_P of the whole set.</param>
    /// <param name="variance">V = Pσ²·P, the variance over samples summed over all entries.</param>
    /// <param name="batch">The batch.</param>
    public static MiniBatchPrediction Of(
        OperatorKind kind,
        long dimension,
        IReadOnlyList<Estimate> largest,
        Estimate smallest,
        Estimate variance,
        BatchShape batch
    )
    {
        ArgumentNullException.ThrowIfNull(largest);
        ArgumentNullException.ThrowIfNull(smallest);
        ArgumentNullException.ThrowIfNull(variance);
        ArgumentNullException.ThrowIfNull(batch);
        var noise = HessianNoise.FromVariance(dimension, Math.Max(0, variance.Value));
        var relative = variance.Value > 0 ? variance.Error / variance.Value : 0;
        var threshold = MiniBatchTheory.DetectionThreshold(noise, batch);

        // By the delta method; d(√s)/√s is half of ds/s.
        Estimate Predict(Estimate value, double predicted)
        {
            var strength = threshold * threshold;
            var above = Math.Abs(value.Value) > threshold && value.Value * predicted > 0;
            var byNoise = above ? strength / Math.Abs(value.Value) * relative : threshold * relative;
            var byValue = above ? (1 - (strength / (value.Value * value.Value))) * value.Error : 0;
            return new Estimate(predicted, Math.Sqrt((byNoise * byNoise) + (byValue * byValue)));
        }

        var top = largest[0];
        var overlap = MiniBatchTheory.Overlap(top.Value, noise, batch);
        return new MiniBatchPrediction(
            batch.EffectiveSize,
            new Estimate(threshold, threshold * relative / 2),
            [.. largest.Select(value => Predict(value, MiniBatchTheory.LargestEigenvalue(value.Value, noise, batch)))],
            Predict(smallest, MiniBatchTheory.SmallestEigenvalue(smallest.Value, noise, batch)),
            new Estimate(overlap, (1 - overlap) * (overlap > 0 ? relative : 0)),
            MiniBatchTheory.OverlapWithTruth(top.Value, noise, batch.Size),
            kind == OperatorKind.GaussNewton
                ? MiniBatchTheory.LargestGaussNewtonEigenvalue(top.Value, noise, batch)
                : null
        );
    }

    /// <summary>
    /// How far a measured mean is from its prediction, in standard errors of their difference: beyond 3 the prediction
    /// does not hold. Null where neither has an error.
    /// </summary>
    public static double? Deviation(Estimate measured, Estimate predicted)
    {
        ArgumentNullException.ThrowIfNull(measured);
        ArgumentNullException.ThrowIfNull(predicted);
        var error = Math.Sqrt((measured.Error * measured.Error) + (predicted.Error * predicted.Error));
        return error > 0 ? Math.Abs(measured.Value - predicted.Value) / error : null;
    }
}
