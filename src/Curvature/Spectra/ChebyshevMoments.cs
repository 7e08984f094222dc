using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>μ_k = ∫ T_k((λ − c)/d) dμ(λ), the Chebyshev moments of a density over a range.</summary>
internal static class ChebyshevMoments
{
    /// <summary>μ_0 … μ_order of the stems, by the recurrence T_{k+1} = 2tT_k − T_{k−1}.</summary>
    /// <exception cref="ArgumentException">A stem lies outside the range, where Chebyshev polynomials grow without
    /// bound.</exception>
    internal static double[] Of(SpectralDensity density, SpectralRange range, int order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        if (density.Nodes[0] < range.Low || density.Nodes[^1] > range.High)
        {
            throw new ArgumentException(
                $"the range [{range.Low}, {range.High}] must hold every stem; they reach from {density.Nodes[0]} to "
                    + $"{density.Nodes[^1]}",
                nameof(range)
            );
        }

        var moments = new double[order + 1];
        for (var i = 0; i < density.Nodes.Count; i++)
        {
            var weight = density.Weights[i];
            var t = Math.Clamp(range.Normalise(density.Nodes[i]), -1, 1);
            var (previous, current) = (1.0, t);
            moments[0] += weight;
            for (var k = 1; k <= order; k++)
            {
                moments[k] += weight * current;
                (previous, current) = (current, (2 * t * current) - previous);
            }
        }

        return moments;
    }

    /// <summary>The highest order that m steps a probe determine: 2m − 1.</summary>
    internal static int HighestExact(SpectralDensity density) => (2 * density.StemsPerProbe) - 1;
}
