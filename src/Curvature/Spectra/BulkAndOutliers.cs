using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>The continuous part of a spectrum and the eigenvalues that stand apart from it.</summary>
/// <param name="LowerEdge">The smallest node of the bulk. Ritz values approach the true edge from inside.</param>
/// <param name="UpperEdge">The largest node of the bulk.</param>
/// <param name="BulkMass">The share of eigenvalues in the bulk.</param>
/// <param name="Below">The outliers below the bulk, smallest first.</param>
/// <param name="Above">The outliers above the bulk, largest first.</param>
/// <remarks>
/// <para>
/// The thesis takes the bulk to end where the Ritz weight drops below 1/P (section 5.5). From one probe the weight of a
/// single eigenvalue is 1/P times a χ² variable of one degree of freedom, so that rule alone takes one outlier in three
/// for bulk, and at small P the thin edge of a bulk for outliers. Hence two conditions here. A stem may be an outlier
/// only if its weight can be that of a single eigenvalue (w·P at most the χ² quantile); the rest is the core of the
/// bulk. From the core outwards a stem belongs to the bulk until a gap is several times wider than the gaps before it,
/// for within a continuous density the Ritz values crowd towards the edge.
/// </para>
/// <para>It needs enough steps that the outliers have converged; a heavy tail without a gap has no outliers by this
/// rule.</para>
/// </remarks>
public sealed record BulkAndOutliers(
    double LowerEdge,
    double UpperEdge,
    double BulkMass,
    IReadOnlyList<double> Below,
    IReadOnlyList<double> Above
)
{
    /// <summary>How many outliers there are on both sides.</summary>
    public int Count => Below.Count + Above.Count;

    /// <summary>Splits a density.</summary>
    /// <param name="density">The stems.</param>
    /// <param name="options">When a stem counts as an outlier.</param>
    public static BulkAndOutliers Of(SpectralDensity density, OutlierOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(density);
        options ??= new OutlierOptions();
        var (nodes, lows, weights) = Merge(density, options.MergeTolerance);
        var single = HighestSingleWeight(density, options.Deviations);
        var core = Enumerable.Range(0, nodes.Count).Where(i => weights[i] > single).ToArray();

        // Where P is so small, or the steps so many, that every stem may be a single eigenvalue, the bulk grows from
        // the median by the typical gap.
        var median = Median(weights);
        var (first, last) = core.Length > 0 ? (core[0], core[^1]) : (median, median);
        var typical = core.Length > 0 ? 0 : MedianGap(nodes);

        // Several probes put several stems, a little apart, where one puts one.
        var window = options.GapWindow * density.Probes;
        last = Grow(nodes, first, last, 1, typical, window, options.GapFactor);
        first = Grow(nodes, last, first, -1, typical, window, options.GapFactor);
        return new BulkAndOutliers(
            lows[first],
            nodes[last],
            Math.Min(1, weights.Skip(first).Take(last - first + 1).Sum()),
            [.. nodes.Take(first)],
            [.. nodes.Skip(last + 1).Reverse()]
        );
    }

    // From `edge` outwards while the next gap is no wider than the factor times the widest of the last few; `floor` is
    // the other end of the bulk.
    private static int Grow(
        List<double> nodes,
        int floor,
        int edge,
        int direction,
        double typical,
        int window,
        double factor
    )
    {
        while (edge + direction >= 0 && edge + direction < nodes.Count)
        {
            var widest = typical;
            for (int k = 0, inner = edge; k < window && inner != floor; k++, inner -= direction)
            {
                widest = Math.Max(widest, Math.Abs(nodes[inner] - nodes[inner - direction]));
            }

            // A core of one stem, a null space say, has no gap of its own: what is beyond it stands apart.
            if (widest == 0 || Math.Abs(nodes[edge + direction] - nodes[edge]) > factor * widest)
            {
                return edge;
            }

            edge += direction;
        }

        return edge;
    }

    // Stems that are one count from the first of them to the last.
    private static (List<double> Nodes, List<double> Lows, List<double> Weights) Merge(
        SpectralDensity density,
        double tolerance
    )
    {
        var distance = tolerance * (density.Nodes[^1] - density.Nodes[0]);
        var nodes = new List<double>();
        var lows = new List<double>();
        var weights = new List<double>();
        for (var i = 0; i < density.Nodes.Count; i++)
        {
            if (nodes.Count > 0 && density.Nodes[i] - nodes[^1] <= distance)
            {
                weights[^1] += density.Weights[i];
                nodes[^1] = density.Nodes[i];
            }
            else
            {
                nodes.Add(density.Nodes[i]);
                lows.Add(density.Nodes[i]);
                weights.Add(density.Weights[i]);
            }
        }

        return (nodes, lows, weights);
    }

    private static int Median(List<double> weights)
    {
        var (index, sum) = (0, weights[0]);
        while (sum < 0.5 && index < weights.Count - 1)
        {
            sum += weights[++index];
        }

        return index;
    }

    private static double MedianGap(List<double> nodes)
    {
        double[] gaps = [.. nodes.Skip(1).Zip(nodes, (next, node) => next - node).Order()];
        return gaps.Length == 0 ? 0 : gaps[gaps.Length / 2];
    }

    // The weight of one eigenvalue is (1/P)·χ²_n/n for n probes; its quantile by Wilson and Hilferty.
    private static double HighestSingleWeight(SpectralDensity density, double deviations)
    {
        var spread = 2.0 / (9 * density.Probes);
        return Math.Pow(1 - spread + (deviations * Math.Sqrt(spread)), 3) / density.Dimension;
    }
}
