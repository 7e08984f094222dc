using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>A stem density with every stem replaced by a Gaussian bump of the same mass.</summary>
/// <remarks>Papyan 2019, algorithm 3 (LanczosApproxSpec), after Lin, Saad and Yang 2016.</remarks>
public static class GaussianSmoothing
{
    private static readonly SmoothingOptions Defaults = new();

    /// <summary>σ = 2/((M − 1)√(8 ln κ)), on a spectrum that was mapped to [−1, 1].</summary>
    /// <param name="steps">M; below 2 it counts as 2, since one node has no distance to another.</param>
    /// <param name="kappa">κ, above 1.</param>
    public static double NormalisedWidth(int steps, double kappa = 3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (!(kappa > 1) || !double.IsFinite(kappa))
        {
            throw new ArgumentOutOfRangeException(nameof(kappa), kappa, "kappa is finite and above 1");
        }

        return 2 / ((Math.Max(steps, 2) - 1) * Math.Sqrt(8 * Math.Log(kappa)));
    }

    /// <summary>
    /// φ(λ) = (1/d) Σ w_i g_σ((λ − θ_i)/d) on K points over the range, with Papyan's σ and the range's half-width d:
    /// algorithms 4 and 3, then back to the units of the eigenvalues. g_σ is the normal density.
    /// </summary>
    /// <param name="density">The stems.</param>
    /// <param name="options">How; Papyan's choices where absent.</param>
    /// <param name="range"> What is mapped to [−1, 1] and covered by the grid, for example
    /// <see cref="SpectralRange.Of(Krylov.LanczosDecomposition, double)"/>; the stems with the margin where absent.
    /// </param>
    public static SampledDensity Smooth(
        SpectralDensity density,
        SmoothingOptions? options = null,
        SpectralRange? range = null
    )
    {
        ArgumentNullException.ThrowIfNull(density);
        options ??= Defaults;
        range ??= SpectralRange.Of(density, options.Margin);
        var sigma = range.HalfWidth * NormalisedWidth(options.Steps ?? density.StemsPerProbe, options.Kappa);
        return Broaden(
            density.Nodes,
            density.Weights,
            sigma,
            SampledDensity.Grid(range.Low, range.High, options.Points)
        );
    }

    /// <summary>Σ w_i g_σ(x − θ_i) at one point, for any width.</summary>
    /// <param name="density">The stems.</param>
    /// <param name="point">x.</param>
    /// <param name="sigma">σ in units of the eigenvalues, positive.</param>
    public static double At(SpectralDensity density, double point, double sigma)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sigma);
        return Bumps(density.Nodes, density.Weights, sigma, point);
    }

    internal static SampledDensity Broaden(
        IReadOnlyList<double> nodes,
        IReadOnlyList<double> weights,
        double sigma,
        double[] points
    ) => new(points, Array.ConvertAll(points, point => Bumps(nodes, weights, sigma, point)));

    private static double Bumps(IReadOnlyList<double> nodes, IReadOnlyList<double> weights, double sigma, double point)
    {
        var sum = 0.0;
        for (var i = 0; i < nodes.Count; i++)
        {
            var distance = (point - nodes[i]) / sigma;
            sum += weights[i] * Math.Exp(-distance * distance / 2);
        }

        return sum / (sigma * Math.Sqrt(2 * Math.PI));
    }
}
