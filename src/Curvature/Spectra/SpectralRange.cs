using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// An interval that holds the spectrum, and the affine map of it to [−1, 1]: t = (λ − c)/d with c = (low + high)/2, d =
/// (high − low)/2.
/// </summary>
/// <remarks>
/// Papyan, algorithm 4. Lanczos commutes with that map, so it is applied to the stems afterwards and costs no product
/// of its own.
/// </remarks>
public sealed record SpectralRange
{
    /// <summary>Papyan's τ: the share of the width that is added on both sides (appendix C.2).</summary>
    public const double DefaultMargin = 0.05;

    /// <summary>An interval.</summary>
    /// <exception cref="ArgumentException">The ends are not finite or not in order.</exception>
    public SpectralRange(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low >= high)
        {
            throw new ArgumentException($"a range needs finite ends, the lower one first; it got {low} and {high}");
        }

        Low = low;
        High = high;
    }

    /// <summary>λ_min, the end that is mapped to −1.</summary>
    public double Low { get; }

    /// <summary>λ_max, the end that is mapped to 1.</summary>
    public double High { get; }

    /// <summary>c.</summary>
    public double Center => Low + HalfWidth;

    /// <summary>d.</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>
    /// Algorithm 4: the ends are θ_1 − ‖r_1‖ and θ_M + ‖r_M‖ with the residuals of the outermost Ritz pairs, moved
    /// outwards by τ of the distance between them.
    /// </summary>
    /// <param name="decomposition">M steps of Lanczos.</param>
    /// <param name="margin">τ, not negative.</param>
    public static SpectralRange Of(LanczosDecomposition decomposition, double margin = DefaultMargin)
    {
        ArgumentNullException.ThrowIfNull(decomposition);
        var top = decomposition.RitzPairs[0];
        var bottom = decomposition.RitzPairs[^1];
        return Widen(bottom.Value - bottom.ResidualBound, top.Value + top.ResidualBound, margin);
    }

    /// <summary>
    /// As <see cref="Of(LanczosDecomposition, double)"/>, from the two ends and their residual bounds.
    /// </summary>
    /// <param name="smallest">θ_1 ± ‖r_1‖.</param>
    /// <param name="largest">θ_M ± ‖r_M‖.</param>
    /// <param name="margin">τ, not negative.</param>
    public static SpectralRange Of(Estimate smallest, Estimate largest, double margin = DefaultMargin)
    {
        ArgumentNullException.ThrowIfNull(smallest);
        ArgumentNullException.ThrowIfNull(largest);
        return Widen(smallest.Value - smallest.Error, largest.Value + largest.Error, margin);
    }

    /// <summary>
    /// The range of the stems of a density, moved outwards by τ of its width. Eigenvalues beyond the outermost Ritz
    /// values are not in it.
    /// </summary>
    /// <param name="density">The density.</param>
    /// <param name="margin">τ, not negative.</param>
    public static SpectralRange Of(SpectralDensity density, double margin = DefaultMargin)
    {
        ArgumentNullException.ThrowIfNull(density);
        return Widen(density.Nodes[0], density.Nodes[^1], margin);
    }

    /// <summary>t = (λ − c)/d.</summary>
    public double Normalise(double value) => (value - Center) / HalfWidth;

    /// <summary>λ = c + d·t.</summary>
    public double Denormalise(double value) => Center + (HalfWidth * value);

    // A spectrum of a single point has no width to take a share of: its distance from zero stands in, or 1 for the zero
    // operator.
    internal static SpectralRange Widen(double low, double high, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        var width = high - low;
        var magnitude = Math.Max(Math.Abs(low), Math.Abs(high));
        if (width <= 1e-12 * magnitude || width == 0)
        {
            width = magnitude == 0 ? 1 : magnitude;
            margin = Math.Max(margin, DefaultMargin);
        }

        return new SpectralRange(low - (margin * width), high + (margin * width));
    }
}
