using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// In how many directions there is curvature, by three definitions; each is r for a projector of rank r.
/// </summary>
/// <param name="Entropy"> exp(−Σ_k p_k ln p_k) with p_k = |λ_k|/Σ|λ|: the effective rank of Roy and Vetterli 2007.
/// </param>
/// <param name="Participation">(Σ|λ|)²/Σλ², the participation ratio.</param>
/// <param name="Stable">Σλ²/max λ², the stable rank ‖A‖²_F/‖A‖²₂; at most the participation ratio.</param>
public sealed record EffectiveRank(double Entropy, double Participation, double Stable)
{
    /// <summary>
    /// The effective ranks of a density with P eigenvalues: a sum over eigenvalues is P times the sum over stems by
    /// weight.
    /// </summary>
    /// <param name="density">The stems.</param>
    /// <returns>The ranks; null for the zero operator, which has none.</returns>
    public static EffectiveRank? Of(SpectralDensity density)
    {
        ArgumentNullException.ThrowIfNull(density);
        var largest = Math.Max(Math.Abs(density.Nodes[0]), Math.Abs(density.Nodes[^1]));
        if (largest == 0)
        {
            return null;
        }

        // Relative to the largest, so that no square overflows or vanishes.
        var (sum, squares, logarithms) = (0.0, 0.0, 0.0);
        foreach (var (node, weight) in density.Nodes.Zip(density.Weights))
        {
            var size = Math.Abs(node) / largest;
            sum += weight * size;
            squares += weight * size * size;
            logarithms += size > 0 ? weight * size * Math.Log(size) : 0;
        }

        if (sum == 0)
        {
            return null;
        }

        // −Σ p ln p = ln S − (1/S) Σ|λ| ln|λ| with S = P Σ w|θ|.
        var entropy = Math.Log(density.Dimension) + Math.Log(sum) - (logarithms / sum);
        return new EffectiveRank(
            Math.Exp(entropy),
            density.Dimension * sum * sum / squares,
            density.Dimension * squares
        );
    }
}
