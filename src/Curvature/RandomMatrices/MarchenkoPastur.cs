namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>
/// The law of Marchenko and Pastur, the limit of the spectrum of X Xᵀ/T for X [P, T] with independent entries of mean 0
/// and variance σ², P/T → q: p(λ) = √((λ₊ − λ)(λ − λ₋))/(2π q σ² λ) on [λ₋, λ₊], λ± = σ²(1 ± √q)², and for q &gt; 1 an
/// atom of mass 1 − 1/q at zero.
/// </summary>
/// <remarks>
/// Thesis, theorem 10; its equation 4.17 lacks the factor q in the denominator, without which the density does not
/// integrate to 1 (Marchenko and Pastur 1967).
/// </remarks>
public sealed record MarchenkoPastur : ISpectralLaw
{
    /// <summary>The law of a given shape and variance.</summary>
    /// <param name="ratio">q = P/T, positive.</param>
    /// <param name="variance">σ² of an entry, positive; the mean eigenvalue.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not positive and finite.</exception>
    public MarchenkoPastur(double ratio, double variance = 1)
    {
        Ratio = Positive.Require(ratio, nameof(ratio));
        Variance = Positive.Require(variance, nameof(variance));
    }

    /// <summary>q = P/T.</summary>
    public double Ratio { get; }

    /// <summary>σ².</summary>
    public double Variance { get; }

    /// <summary>σ²(1 − √q)².</summary>
    public double LowerEdge => Variance * Math.Pow(1 - Math.Sqrt(Ratio), 2);

    /// <summary>σ²(1 + √q)².</summary>
    public double UpperEdge => Variance * Math.Pow(1 + Math.Sqrt(Ratio), 2);

    /// <summary>The share of eigenvalues that are zero: 1 − 1/q for q &gt; 1, else 0.</summary>
    public double MassAtZero => Math.Max(0, 1 - (1 / Ratio));

    /// <inheritdoc/>
    public double Density(double value) =>
        value > LowerEdge && value < UpperEdge
            ? Math.Sqrt((UpperEdge - value) * (value - LowerEdge)) / (2 * Math.PI * Ratio * Variance * value)
            : 0;

    /// <summary>The integral of the density in closed form, and the atom.</summary>
    /// <inheritdoc/>
    public double Cumulative(double value)
    {
        if (value < 0)
        {
            return 0;
        }

        return value <= LowerEdge ? MassAtZero
            : value >= UpperEdge ? 1
            : MassAtZero + Continuous(value / Variance);
    }

    /// <summary>σ^{2k} Σ_{r=0}^{k−1} q^r/(r + 1) · C(k, r) · C(k − 1, r): the Narayana polynomial in q.</summary>
    /// <inheritdoc/>
    public double Moment(int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        if (order == 0)
        {
            return 1;
        }

        // The coefficient of q^{r+1} is that of q^r times (k − r)(k − 1 − r)/((r + 1)(r + 2)).
        var sum = 0.0;
        var term = 1.0;
        for (var r = 0; r < order; r++)
        {
            sum += term;
            term *= Ratio * (order - r) * (order - 1.0 - r) / ((r + 1.0) * (r + 2.0));
        }

        return sum * Math.Pow(Variance, order);
    }

    /// <summary>
    /// s + σ²/(1 − qσ²/s) where s is above σ²(q + √q), or below both 0 and σ²(q − √q); else the edge on the side of s.
    /// R(g) = σ²/(1 − qσ²g).
    /// </summary>
    /// <inheritdoc/>
    public double SpikeLocation(double spike)
    {
        ArgumentOutOfRangeException.ThrowIfZero(spike);
        var root = Math.Sqrt(Ratio);
        if (spike > Variance * (Ratio + root) || spike < Math.Min(0, Variance * (Ratio - root)))
        {
            return spike + (Variance / (1 - (Ratio * Variance / spike)));
        }

        return spike > 0 ? UpperEdge : LowerEdge;
    }

    // ∫ from λ₋ to x of the density for σ² = 1 and λ₋ < x < λ₊. With λ = 1 + q − 2√q cos φ the integrand becomes
    // (2/π) sin²φ/(1 + q − 2√q cos φ), whose antiderivative is
    // [(1 + q)φ/2 + √q sin φ − |1 − q| atan(((1 + √q)/|1 − √q|) tan(φ/2))]/(πq).
    private double Continuous(double x)
    {
        var root = Math.Sqrt(Ratio);
        var phi = Math.Acos(Math.Clamp((1 + Ratio - x) / (2 * root), -1, 1));
        var lean =
            Math.Abs(1 - Ratio) * Math.Atan2((1 + root) * Math.Sin(phi / 2), Math.Abs(1 - root) * Math.Cos(phi / 2));
        return (((1 + Ratio) * phi / 2) + (root * Math.Sin(phi)) - lean) / (Math.PI * Ratio);
    }
}
