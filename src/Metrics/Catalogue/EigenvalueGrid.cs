using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>
/// The bucket bounds on which spectra are exposed: 0 and ±{1e-4 … 1e4}, two a decade, 35 in all. The same for all runs,
/// because another bound is another series.
/// </summary>
public static class EigenvalueGrid
{
    // Half a decade is 3.16: three digits keep the label short and the steps even on a log axis to 0.1 %. Literals,
    // since 3.16 * 1e-4 is not 0.000316.
    private static readonly double[] Positive =
    [
        0.0001,
        0.000316,
        0.001,
        0.00316,
        0.01,
        0.0316,
        0.1,
        0.316,
        1,
        3.16,
        10,
        31.6,
        100,
        316,
        1000,
        3160,
        10000,
    ];

    /// <summary>The 35 finite upper bounds, increasing.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [.. Positive.Reverse().Select(b => -b), 0, .. Positive];

    /// <summary>
    /// Cumulative eigenvalue counts: round(P · F(bound)) for every bound, then P, where F is the cumulative weight of
    /// the density.
    /// </summary>
    /// <param name="density">The density.</param>
    /// <returns>36 counts that never fall.</returns>
    public static long[] CumulativeCounts(SpectralDensity density)
    {
        ArgumentNullException.ThrowIfNull(density);
        var (nodes, weights) = (density.Nodes, density.Weights);
        var total = weights.Sum();
        var counts = new long[Bounds.Count + 1];
        for (var bucket = 0; bucket < Bounds.Count; bucket++)
        {
            var weight = 0.0;
            for (var i = 0; i < nodes.Count; i++)
            {
                weight += nodes[i] <= Bounds[bucket] ? weights[i] : 0;
            }
            // Adding more terms that are not negative in the same order never gives less, so the counts never fall.
            counts[bucket] = (long)Math.Round(density.Dimension * (weight / total), MidpointRounding.AwayFromZero);
        }
        counts[^1] = density.Dimension;
        return counts;
    }
}
