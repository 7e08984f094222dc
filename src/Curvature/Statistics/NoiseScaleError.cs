using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// How far the noise scale T = S/Q of the probe set, S = tr Σ and Q = ‖g‖², may be from that of the data that its
/// samples were drawn from. T is known to rounding over the probe set, and says nothing of its own accuracy: another N
/// samples would give another T.
/// </summary>
/// <remarks>
/// The infinitesimal jackknife (Efron and Tibshirani 1993, chapter 21): leaving weight off a group B of samples changes
/// S by s_B − S, with s_B the mean of ‖g_i − g‖² over it, and Q by 2(gᵀg_B − Q), so T by ((s_B − S) − 2T(gᵀg_B − Q))/Q.
/// The standard error is the root mean square of these changes over √M for M groups drawn at random. Besides, T leans:
/// Q is too large by S/N on average, which makes T too small by T²/N, and a quotient too large by T·var(Q)/Q² − cov(S,
/// Q)/Q², to first order. With q the root of both squares relative to T, the error is Tq(1 + q): the interval is
/// symmetric in 1/T = Q/S, which is nearly normal, and the longer half is stated to second order. It holds as often as
/// a standard error should from four times as many samples as the noise scale on.
/// </remarks>
internal static class NoiseScaleError
{
    // Enough that the error is itself known to a tenth.
    private const long Groups = 64;

    /// <summary>
    /// Random groups of samples for terms that are known sample by sample: many, and none larger than a micro-batch.
    /// </summary>
    internal static long[] Order(long samples, long seed) =>
        Shuffle.Draw(samples, samples, Krylov.IsotropicStart.ProbeSeed(seed ^ 0x2545F491, 1));

    /// <inheritdoc cref="Order"/>
    internal static SampleGroups Cut(long[] order, int microBatch) =>
        SampleGroups.Cut(order, Math.Clamp(order.Length / Groups, 1, microBatch));

    /// <summary>The mean over each group of a number that every sample has.</summary>
    internal static double[] Means(ReadOnlySpan<double> bySample, ReadOnlySpan<long> order, SampleGroups groups)
    {
        var means = new double[groups.Count];
        var next = 0;
        for (var group = 0; group < means.Length; group++)
        {
            var size = groups.SizeOf(group);
            for (var i = 0; i < size; i++)
            {
                means[group] += bySample[(int)order[next++]] / size;
            }
        }

        return means;
    }

    /// <summary>The error of T; not a number for fewer than two groups.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="spreads">s_B of every group: what its samples say about S.</param>
    /// <param name="projections">gᵀg_B of every group.</param>
    /// <param name="spread">S.</param>
    /// <param name="squaredNorm">Q, above zero.</param>
    internal static double Of(
        SampleGroups groups,
        ReadOnlySpan<double> spreads,
        ReadOnlySpan<double> projections,
        double spread,
        double squaredNorm
    )
    {
        var noiseScale = spread / squaredNorm;
        var (variance, lean) = (0.0, 0.0);
        var independent = groups.Count / (groups.Count - 1.0);
        for (var group = 0; group < groups.Count; group++)
        {
            var share = groups.SizeOf(group) / (double)groups.SampleCount;
            var ofSpread = share * (spreads[group] - spread) / squaredNorm;
            var ofNorm = share * 2 * (projections[group] - squaredNorm) / squaredNorm;
            var change = ofSpread - (noiseScale * ofNorm);
            variance += independent * change * change;
            lean -= independent * change * ofNorm;
        }

        lean -= noiseScale * noiseScale / groups.SampleCount;
        var error = Math.Sqrt(variance + (lean * lean));
        return groups.Count < 2 ? double.NaN : error * (1 + (noiseScale > 0 ? error / noiseScale : 0));
    }
}
