using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>How far apart two spectra are.</summary>
public static class SpectralDistance
{
    // Midpoints of a piece between two jumps; laws are smooth there, so the error is some 1e-4 of the piece's own
    // contribution.
    private const int Midpoints = 64;

    /// <summary>
    /// W₁ = ∫ |F_a − F_b| dλ: the mean distance by which eigenvalues must be moved to turn one density into the other.
    /// </summary>
    public static double Wasserstein(SpectralDensity first, SpectralDensity second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (i, j) = (0, 0);
        var (difference, distance, position) = (0.0, 0.0, 0.0);
        while (i < first.Nodes.Count || j < second.Nodes.Count)
        {
            var takeFirst = j == second.Nodes.Count || (i < first.Nodes.Count && first.Nodes[i] <= second.Nodes[j]);
            var next = takeFirst ? first.Nodes[i] : second.Nodes[j];
            distance += i + j > 0 ? Math.Abs(difference) * (next - position) : 0;
            position = next;
            difference += takeFirst ? first.Weights[i++] : -second.Weights[j++];
        }

        return distance;
    }

    /// <summary>W₁ between a stem density and a law.</summary>
    public static double Wasserstein(SpectralDensity density, ISpectralLaw law)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(law);

        // Zero is among the ends of the pieces because a law may have an atom there.
        double[] ends = [.. density.Nodes.Append(law.LowerEdge).Append(law.UpperEdge).Append(0).Order()];
        var distance = 0.0;
        for (var i = 1; i < ends.Length; i++)
        {
            var step = (ends[i] - ends[i - 1]) / Midpoints;
            var share = density.Cumulative(ends[i - 1]);
            for (var k = 0; k < Midpoints && step > 0; k++)
            {
                distance += step * Math.Abs(share - law.Cumulative(ends[i - 1] + ((k + 0.5) * step)));
            }
        }

        return distance;
    }

    /// <summary>
    /// sup |F − F_law|, the Kolmogorov distance. A stem stands for the eigenvalues around it, so the distance from the
    /// density of the start vector is at most the largest weight (Chebyshev, Markov and Stieltjes) even where the stems
    /// are exact. An atom of the law must be met by a stem exactly: where there is one,
    /// <see cref="Wasserstein(SpectralDensity, ISpectralLaw)"/> says more.
    /// </summary>
    public static double Kolmogorov(SpectralDensity density, ISpectralLaw law)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(law);

        // Between two nodes the stems' function is flat and the law's only rises, so the largest distance is at one of
        // the ends.
        var (largest, below) = (0.0, 0.0);
        var i = 0;
        while (i < density.Nodes.Count)
        {
            // All the stems at one place count together; the law may jump there too, so its left limit is what the
            // stems' left limit is compared with.
            var node = density.Nodes[i];
            largest = Math.Max(largest, Math.Abs(below - law.Cumulative(Math.BitDecrement(node))));
            for (; i < density.Nodes.Count && density.Nodes[i] == node; i++)
            {
                below += density.Weights[i];
            }

            largest = Math.Max(largest, Math.Abs(below - law.Cumulative(node)));
        }

        return largest;
    }

    /// <summary>sup |F_a − F_b|, the Kolmogorov distance of two stem densities.</summary>
    public static double Kolmogorov(SpectralDensity first, SpectralDensity second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (i, j) = (0, 0);
        var (difference, largest) = (0.0, 0.0);
        while (i < first.Nodes.Count && j < second.Nodes.Count)
        {
            // All the stems at one place count together.
            var position = Math.Min(first.Nodes[i], second.Nodes[j]);
            for (; i < first.Nodes.Count && first.Nodes[i] == position; i++)
            {
                difference += first.Weights[i];
            }

            for (; j < second.Nodes.Count && second.Nodes[j] == position; j++)
            {
                difference -= second.Weights[j];
            }

            largest = Math.Max(largest, Math.Abs(difference));
        }

        return largest;
    }
}
