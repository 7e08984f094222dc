namespace CurvatureMonitor.Metrics;

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
    /// <param name="spectrum">The density.</param>
    /// <returns>36 counts that never fall, or null when the density holds a number that is not finite or its weights do
    /// not sum to 1 (within 1e-3).</returns>
    /// <exception cref="ArgumentException">Nodes and weights differ in number, or the dimension is not
    /// positive.</exception>
    public static long[]? CumulativeCounts(SpectralCounts spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var (nodes, weights, dimension) = (spectrum.Nodes, spectrum.Weights, spectrum.Dimension);
        if (nodes.Count != weights.Count)
        {
            throw new ArgumentException(
                $"A density has one weight a node; {nodes.Count} nodes and {weights.Count} weights were given.",
                nameof(spectrum)
            );
        }
        if (dimension <= 0)
        {
            throw new ArgumentException(
                $"The dimension of an operator is positive; {dimension} was given.",
                nameof(spectrum)
            );
        }
        if (
            !nodes.All(double.IsFinite)
            || !weights.All(w => double.IsFinite(w) && w >= 0)
            || Math.Abs(weights.Sum() - 1) > 1e-3
        )
        {
            return null;
        }

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
            counts[bucket] = (long)Math.Round(dimension * (weight / total), MidpointRounding.AwayFromZero);
        }
        counts[^1] = dimension;
        return counts;
    }

    /// <summary>The trace of the density: the one given with it, else P · Σ wᵢ θᵢ.</summary>
    /// <param name="spectrum">The density.</param>
    public static double Trace(SpectralCounts spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        return spectrum.Trace
            ?? spectrum.Dimension
                * (
                    spectrum.Nodes.Zip(spectrum.Weights, (node, weight) => node * weight).Sum() / spectrum.Weights.Sum()
                );
    }
}
