using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// The density of greatest entropy among those with the given moments: φ(λ) = exp(Σ_{k=1}^{n} α_kT_k(t) − ln Z)/d on
/// the range, t = (λ − c)/d.
/// </summary>
/// <remarks>
/// Thesis, sections 2.3 and 2.4; it assumes nothing but the moments, and is smooth and positive everywhere in the
/// range. The multipliers minimise the convex dual ln Z(α) − Σ α_kμ_k by damped Newton steps, with Chebyshev moments,
/// in which the problem is well conditioned (the thesis found the same). Point masses (a large null space, outliers)
/// are what it cannot represent: with many moments it then does not converge and says so.
/// </remarks>
public sealed class MaximumEntropy
{
    private const int QuadraturePoints = 1024;
    private const int MaximumIterations = 200;
    private const double Tolerance = 1e-9;

    private readonly double[] _multipliers;
    private readonly double _logPartition;

    private MaximumEntropy(SpectralRange range, double[] multipliers, double logPartition, double[] moments)
    {
        Range = range;
        _multipliers = multipliers;
        _logPartition = logPartition;
        Moments = moments;
    }

    /// <summary>What is mapped to [−1, 1]; the density is zero outside.</summary>
    public SpectralRange Range { get; }

    /// <summary>μ_0 … μ_n, which the density reproduces to 1e-9.</summary>
    public IReadOnlyList<double> Moments { get; }

    /// <summary>α_1 … α_n.</summary>
    public IReadOnlyList<double> Multipliers => _multipliers;

    /// <summary>−∫ φ ln φ dλ = ln Z − Σ α_kμ_k + ln d, in nats.</summary>
    public double Entropy
    {
        get
        {
            var entropy = _logPartition + Math.Log(Range.HalfWidth);
            for (var k = 0; k < _multipliers.Length; k++)
            {
                entropy -= _multipliers[k] * Moments[k + 1];
            }

            return entropy;
        }
    }

    /// <summary>The density of greatest entropy with the moments of a stem density.</summary>
    /// <param name="density">The stems.</param>
    /// <param name="order">n, the highest moment, at least 1 and at most 2m − 1, what m stems a probe
    /// determine.</param>
    /// <param name="range">Must hold every stem; the stems with Papyan's margin where absent.</param>
    /// <exception cref="ArgumentException">A stem lies outside the range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The order is beyond what the stems determine.</exception>
    /// <exception cref="CurvatureException">Newton's method did not converge: the moments are (nearly) those of point
    /// masses.</exception>
    public static MaximumEntropy Of(SpectralDensity density, int order = 8, SpectralRange? range = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(order, ChebyshevMoments.HighestExact(density));
        range ??= SpectralRange.Of(density);
        var moments = ChebyshevMoments.Of(density, range, order);
        var solver = new MaximumEntropyDual(moments, QuadraturePoints);
        var (multipliers, error) = solver.Minimise(MaximumIterations, Tolerance);
        return error <= Tolerance
            ? new MaximumEntropy(range, multipliers, solver.LogPartition, moments)
            : throw new CurvatureException(
                $"no maximum-entropy density was found for {order} moments (they are missed by {error:g2}): the "
                    + $"spectrum is close to point masses; "
                    + "ask for fewer moments, or deflate the outliers first"
            );
    }

    /// <summary>φ(λ), positive within the range.</summary>
    public double Density(double value)
    {
        var t = Range.Normalise(value);
        if (!(Math.Abs(t) <= 1))
        {
            return 0;
        }

        var exponent = -_logPartition;
        var (previous, current) = (1.0, t);
        foreach (var multiplier in _multipliers)
        {
            exponent += multiplier * current;
            (previous, current) = (current, (2 * t * current) - previous);
        }

        return Math.Exp(exponent) / Range.HalfWidth;
    }

    /// <summary>The density on an even grid over the range.</summary>
    /// <param name="points">How many points, at least 2.</param>
    public SampledDensity Sample(int points = 1024)
    {
        var grid = SampledDensity.Grid(Range.Low, Range.High, points);
        return new SampledDensity(grid, Array.ConvertAll(grid, Density));
    }
}
