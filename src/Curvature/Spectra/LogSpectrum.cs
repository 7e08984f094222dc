using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// The density of ln(|λ| + ε): the view in which a power law is a straight line and small eigenvalues can be told
/// apart.
/// </summary>
/// <remarks>
/// Papyan 2019, section 5.6, with θ replaced by ln(|θ| + ε) in algorithms 3 and 4. Its equation 7 divides each bump by
/// its own θ_m; here the density per unit of |λ| is the one of the logarithm divided by |λ| itself (equation 6), which
/// integrates to 1 exactly.
/// </remarks>
public sealed class LogSpectrum
{
    private LogSpectrum(
        SampledDensity total,
        SampledDensity positive,
        SampledDensity negative,
        double floor,
        double width
    )
    {
        Total = total;
        Positive = positive;
        Negative = negative;
        Floor = floor;
        Width = width;
    }

    /// <summary>φ(u) over u = ln(|λ| + ε), per unit of u: both signs.</summary>
    public SampledDensity Total { get; }

    /// <summary>
    /// The part of <see cref="Total"/> that comes from eigenvalues at or above zero, on the same grid.
    /// </summary>
    public SampledDensity Positive { get; }

    /// <summary>The part of <see cref="Total"/> that comes from negative eigenvalues, on the same grid.</summary>
    public SampledDensity Negative { get; }

    /// <summary>ε; the null space is found at ln ε.</summary>
    public double Floor { get; }

    /// <summary>σ of the bumps, in units of u.</summary>
    public double Width { get; }

    /// <summary>The log-spectrum of a stem density.</summary>
    /// <param name="density">The stems. Papyan takes M = 2048 steps for this view; few steps say little about small
    /// eigenvalues.</param>
    /// <param name="options">How to broaden; Papyan's choices where absent.</param>
    /// <param name="relativeFloor"> ε as a share of the largest |θ|, positive; about the relative accuracy of the
    /// products (1e-5 in float32). Zero eigenvalues come to lie there. </param>
    public static LogSpectrum Of(
        SpectralDensity density,
        SmoothingOptions? options = null,
        double relativeFloor = 1e-12
    )
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(relativeFloor);
        options ??= new SmoothingOptions();
        var largest = Math.Max(Math.Abs(density.Nodes[0]), Math.Abs(density.Nodes[^1]));
        var floor = relativeFloor * (largest == 0 ? 1 : largest);
        double[] nodes = [.. density.Nodes.Select(node => Math.Log(Math.Abs(node) + floor))];
        var range = SpectralRange.Widen(nodes.Min(), nodes.Max(), options.Margin);
        var sigma =
            range.HalfWidth * GaussianSmoothing.NormalisedWidth(options.Steps ?? density.StemsPerProbe, options.Kappa);
        var points = SampledDensity.Grid(range.Low, range.High, options.Points);
        double[] positive = [.. density.Weights.Select((weight, i) => density.Nodes[i] >= 0 ? weight : 0)];
        double[] negative = [.. density.Weights.Select((weight, i) => density.Nodes[i] < 0 ? weight : 0)];
        return new LogSpectrum(
            GaussianSmoothing.Broaden(nodes, density.Weights, sigma, points),
            GaussianSmoothing.Broaden(nodes, positive, sigma, points),
            GaussianSmoothing.Broaden(nodes, negative, sigma, points),
            floor,
            sigma
        );
    }

    /// <summary>The density per unit of |λ| at one magnitude: φ(ln|λ|)/|λ| (equation 6).</summary>
    /// <param name="magnitude">|λ|, positive.</param>
    public double PerMagnitude(double magnitude)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(magnitude);
        return Total.At(Math.Log(magnitude + Floor)) / magnitude;
    }

    /// <summary>
    /// The power law φ(|λ|) = c·|λ|^p that fits between two magnitudes, by least squares of ln φ(|λ|) on ln|λ| over the
    /// points of the grid.
    /// </summary>
    /// <param name="low">The smallest |λ| of the fit, positive.</param>
    /// <param name="high">The largest.</param>
    /// <returns>The fit; null where fewer than three points of positive density lie between.</returns>
    public PowerLaw? FitPowerLaw(double low, double high)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        var (from, to) = (Math.Log(low + Floor), Math.Log(high + Floor));
        var x = new List<double>();
        var y = new List<double>();
        for (var i = 0; i < Total.Points.Count; i++)
        {
            var u = Total.Points[i];
            if (u >= from && u <= to && Total.Values[i] > 0)
            {
                x.Add(u);
                y.Add(Math.Log(Total.Values[i]) - u);
            }
        }

        return PowerLaw.Fit(x, y);
    }
}
