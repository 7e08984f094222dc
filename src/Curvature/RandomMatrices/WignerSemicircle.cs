namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>
/// Wigner's semicircle law, the limit of the spectrum of M/√P for symmetric M [P, P] with independent entries of mean 0
/// and variance σ²: p(λ) = √(4σ² − λ²)/(2πσ²) on [−2σ, 2σ].
/// </summary>
/// <remarks>Thesis, theorem 9 (σ = 1) and theorem 13.</remarks>
public sealed record WignerSemicircle : ISpectralLaw
{
    /// <summary>The law of a given scale.</summary>
    /// <param name="scale">σ, half the radius and the standard deviation of the eigenvalues; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">σ is not positive and finite.</exception>
    public WignerSemicircle(double scale = 1) => Scale = Positive.Require(scale, nameof(scale));

    /// <summary>σ.</summary>
    public double Scale { get; }

    /// <summary>−2σ.</summary>
    public double LowerEdge => -UpperEdge;

    /// <summary>2σ.</summary>
    public double UpperEdge => 2 * Scale;

    /// <summary>
    /// The law of a matrix that is not divided by √P: σ = √P times the standard deviation of an entry.
    /// </summary>
    /// <param name="dimension">P.</param>
    /// <param name="elementVariance">The variance of an entry.</param>
    public static WignerSemicircle ForMatrix(long dimension, double elementVariance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return new(Math.Sqrt(dimension * Positive.Require(elementVariance, nameof(elementVariance))));
    }

    /// <inheritdoc/>
    public double Density(double value)
    {
        var x = value / Scale;
        return Math.Abs(x) < 2 ? Math.Sqrt((2 - x) * (2 + x)) / (2 * Math.PI * Scale) : 0;
    }

    /// <summary>½ + x√(4 − x²)/(4π) + arcsin(x/2)/π with x = λ/σ.</summary>
    /// <inheritdoc/>
    public double Cumulative(double value)
    {
        var x = Math.Clamp(value / Scale, -2, 2);
        return 0.5 + (x * Math.Sqrt((2 - x) * (2 + x)) / (4 * Math.PI)) + (Math.Asin(x / 2) / Math.PI);
    }

    /// <summary>σ^k times the Catalan number C_{k/2} for even k, 0 for odd k.</summary>
    /// <inheritdoc/>
    public double Moment(int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        if (order % 2 == 1)
        {
            return 0;
        }

        // C_n = C_{n−1} · 2(2n − 1)/(n + 1).
        var catalan = 1.0;
        for (var n = 1; n <= order / 2; n++)
        {
            catalan *= 2.0 * ((2 * n) - 1) / (n + 1);
        }

        return catalan * Math.Pow(Scale, order);
    }

    /// <summary>
    /// s + σ²/s where |s| &gt; σ, else the edge ±2σ on the side of s. R(g) = σ²g (thesis, equations 5.16 and 5.22).
    /// </summary>
    /// <inheritdoc/>
    public double SpikeLocation(double spike)
    {
        ArgumentOutOfRangeException.ThrowIfZero(spike);
        return Math.Abs(spike) > Scale ? spike + (Scale * Scale / spike) : Math.CopySign(UpperEdge, spike);
    }
}
