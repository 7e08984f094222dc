namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>How much the curvature matrix of one sample scatters around the mean over all of them.</summary>
/// <param name="Dimension">P, the number of parameters.</param>
/// <param name="ElementVariance">σ², the variance over samples of an entry of the per-sample matrix, averaged over the
/// P² entries; not negative.</param>
/// <remarks>Thesis, sections 5.2.1 and 5.2.2: an entry of H_batch − H has variance σ²/b.</remarks>
public sealed record HessianNoise(long Dimension, double ElementVariance)
{
    /// <summary>P.</summary>
    public long Dimension { get; } =
        Dimension >= 1 ? Dimension : throw new ArgumentOutOfRangeException(nameof(Dimension), Dimension, "at least 1");

    /// <summary>σ².</summary>
    public double ElementVariance { get; } = Positive.OrZero(ElementVariance, nameof(ElementVariance));

    /// <summary>The noise that a measured variance means: σ² = V/P².</summary>
    /// <param name="dimension">P.</param>
    /// <param name="variance">V = (1/N) Σ tr(H_i²) − tr(H²), the variance summed over all P² entries, as the variance
    /// analysis reports it.</param>
    public static HessianNoise FromVariance(long dimension, double variance) =>
        new(dimension, Positive.OrZero(variance, nameof(variance)) / dimension / dimension);

    /// <summary>
    /// Pσ²/b, the square of the threshold that an eigenvalue must exceed to be seen in a batch; 0 for the batch that is
    /// the whole set.
    /// </summary>
    /// <param name="batch">The batch.</param>
    public double Strength(BatchShape batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Dimension * ElementVariance / batch.EffectiveSize;
    }
}
