using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// How far the noise scale T = S/Q of the probe set, S = tr Σ and Q = ‖g‖², may be from that of the data that its samples were drawn from. T is known to
/// rounding over the probe set, and says nothing of its own accuracy: another N samples would give another T.
/// </summary>
/// <remarks>
/// The infinitesimal jackknife (Efron and Tibshirani 1993, chapter 21): leaving weight off a group B of samples changes S by s_B − S, with s_B the mean of ‖g_i − g‖² over it, and Q by
/// 2(gᵀg_B − Q), so T by ((s_B − S) − 2T(gᵀg_B − Q))/Q. The standard error is the root mean square of these changes over √M for M groups drawn at random.
/// </remarks>
internal static class NoiseScaleError
{
    // Enough that the error is itself known to a tenth.
    private const long Groups = 64;

    /// <summary>Random groups of samples for terms that are known sample by sample: many, and none larger than a micro-batch.</summary>
    internal static long[] Order(long samples, long seed) => Shuffle.Draw(samples, samples, Krylov.IsotropicStart.ProbeSeed(seed ^ 0x2545F491, 1));

    /// <inheritdoc cref="Order"/>
    internal static SampleGroups Cut(long[] order, int microBatch) => SampleGroups.Cut(order, Math.Clamp(order.Length / Groups, 1, microBatch));

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

    /// <summary>The standard error of T; not a number for fewer than two groups.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="spreads">s_B of every group: what its samples say about S.</param>
    /// <param name="projections">gᵀg_B of every group.</param>
    /// <param name="spread">S.</param>
    /// <param name="squaredNorm">Q, above zero.</param>
    internal static double Of(SampleGroups groups, ReadOnlySpan<double> spreads, ReadOnlySpan<double> projections, double spread, double squaredNorm)
    {
        var noiseScale = spread / squaredNorm;
        var sum = 0.0;
        for (var group = 0; group < groups.Count; group++)
        {
            var share = groups.SizeOf(group) / (double)groups.SampleCount;
            var change = share * (spreads[group] - spread - (2 * noiseScale * (projections[group] - squaredNorm))) / squaredNorm;
            sum += change * change;
        }

        return groups.Count < 2 ? double.NaN : Math.Sqrt(sum * groups.Count / (groups.Count - 1));
    }
}
