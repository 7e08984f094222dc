using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// The density by the kernel polynomial method: a Chebyshev series of the first n moments, damped by Jackson's kernel
/// so that it is never negative. φ(λ) = (1/(dπ√(1 − t²))) [g_0μ_0 + 2 Σ_{k=1}^{n} g_kμ_kT_k(t)], t = (λ − c)/d.
/// </summary>
/// <remarks>
/// Weiße, Wellein, Alvermann and Fehske 2006, equations 27 and 71; Lin, Saad and Yang 2016. The stems of m Lanczos
/// steps hold the same moments up to 2m − 1 that the method would compute from the same start vector by the recurrence,
/// so it costs no product of its own. A point mass is broadened to a bump of width about π/n of the half-range, which
/// is why outliers are better read off the stems.
/// </remarks>
public sealed class KernelPolynomial
{
    private readonly double[] _moments;
    private readonly double[] _damped;

    private KernelPolynomial(SpectralRange range, double[] moments)
    {
        Range = range;
        _moments = moments;
        _damped = new double[moments.Length];
        for (var k = 0; k < moments.Length; k++)
        {
            _damped[k] = Jackson(k, moments.Length) * moments[k];
        }
    }

    /// <summary>What is mapped to [−1, 1]; the density is zero outside.</summary>
    public SpectralRange Range { get; }

    /// <summary>n, the highest moment.</summary>
    public int Order => _moments.Length - 1;

    /// <summary>μ_0 … μ_n, not damped.</summary>
    public IReadOnlyList<double> Moments => _moments;

    /// <summary>The series of a stem density.</summary>
    /// <param name="density">The stems.</param>
    /// <param name="order">n, at least 1; all that the stems determine, 2m − 1, where absent. Beyond that the series
    /// begins to resolve the stems.</param>
    /// <param name="range">Must hold every stem; the stems with Papyan's margin where absent.</param>
    /// <exception cref="ArgumentException">A stem lies outside the range.</exception>
    public static KernelPolynomial Of(SpectralDensity density, int? order = null, SpectralRange? range = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        range ??= SpectralRange.Of(density);
        return new KernelPolynomial(
            range,
            ChebyshevMoments.Of(density, range, order ?? ChebyshevMoments.HighestExact(density))
        );
    }

    /// <summary>φ(λ), not negative; 0 at and beyond the ends of the range.</summary>
    public double Density(double value)
    {
        // At the very ends rounding decides whether |t| is below 1, and 1/√(1 − t²) would blow up what is left of the
        // series there.
        var t = Range.Normalise(value);
        if (!(Math.Abs(t) < 1 - 1e-12))
        {
            return 0;
        }

        var sum = _damped[0];
        var (previous, current) = (1.0, t);
        for (var k = 1; k < _damped.Length; k++)
        {
            sum += 2 * _damped[k] * current;
            (previous, current) = (current, (2 * t * current) - previous);
        }

        // The kernel is positive; what is left below zero is rounding.
        return Math.Max(0, sum) / (Math.PI * Math.Sqrt((1 - t) * (1 + t)) * Range.HalfWidth);
    }

    /// <summary>
    /// ∫ φ up to <paramref name="value"/>, term by term: 1 − ϑ/π − (2/π) Σ g_kμ_k sin(kϑ)/k with ϑ = arccos t.
    /// </summary>
    public double Cumulative(double value)
    {
        var angle = Math.Acos(Math.Clamp(Range.Normalise(value), -1, 1));
        var sum = _damped[0] * angle;
        for (var k = 1; k < _damped.Length; k++)
        {
            sum += 2 * _damped[k] * Math.Sin(k * angle) / k;
        }

        return Math.Clamp(1 - (sum / Math.PI), 0, 1);
    }

    /// <summary>The density on an even grid over the range.</summary>
    /// <param name="points">How many points, at least 2.</param>
    public SampledDensity Sample(int points = 1024)
    {
        var grid = SampledDensity.Grid(Range.Low, Range.High, points);
        return new SampledDensity(grid, Array.ConvertAll(grid, Density));
    }

    // g_k of N = n + 1 terms: [(N − k + 1) cos(πk/(N + 1)) + sin(πk/(N + 1)) cot(π/(N + 1))]/(N + 1).
    private static double Jackson(int k, int terms)
    {
        var angle = Math.PI / (terms + 1);
        return (((terms - k + 1) * Math.Cos(k * angle)) + (Math.Sin(k * angle) / Math.Tan(angle))) / (terms + 1);
    }
}
