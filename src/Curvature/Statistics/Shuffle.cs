using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Random draws of samples. The same seed gives the same draw, on every machine.</summary>
internal static class Shuffle
{
    /// <summary>
    /// Draws <paramref name="count"/> of the samples 0 … <paramref name="samples"/> − 1 without replacement, in random
    /// order.
    /// </summary>
    internal static long[] Draw(long samples, long count, long seed)
    {
        var order = new long[samples];
        for (var i = 0L; i < samples; i++)
        {
            order[i] = i;
        }

        for (var i = 0L; i < count; i++)
        {
            var chosen = i + (long)Below((ulong)(samples - i), seed, i);
            (order[i], order[chosen]) = (order[chosen], order[i]);
        }

        return count == samples ? order : order[..(int)count];
    }

    // The high half of a 128-bit product spreads 64 random bits over [0, bound); its bias is below bound/2⁶⁴.
    private static ulong Below(ulong bound, long seed, long index) =>
        Math.BigMul((ulong)IsotropicStart.ProbeSeed(~seed, checked((int)index + 1)), bound, out _);
}
