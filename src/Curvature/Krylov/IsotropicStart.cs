using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// Random unit vectors without a preferred direction: E[v vᵀ] = I/P, so that E[vᵀ f(A) v] = tr f(A)/P.
/// </summary>
public static class IsotropicStart
{
    /// <summary>Overwrites <paramref name="vector"/> with a random unit vector, the same for the same seed.</summary>
    /// <param name="vector">[P].</param>
    /// <param name="seed">Any number; fixed for a run, so that successive checkpoints are comparable.</param>
    /// <param name="distribution">How the entries are drawn.</param>
    public static void Fill(Vector vector, long seed, StartDistribution distribution = StartDistribution.Normal)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (distribution == StartDistribution.Rademacher)
        {
            vector.FillRademacher(seed);
        }
        else
        {
            vector.FillNormal(seed);
        }

        vector.Scale(1 / vector.Norm());
    }

    /// <summary>
    /// The seed of probe <paramref name="probe"/> of a run: the run's own seed for the first, well-mixed ones
    /// (splitmix64) for the others.
    /// </summary>
    public static long ProbeSeed(long seed, int probe)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probe);
        if (probe == 0)
        {
            return seed;
        }
        unchecked
        {
            var state = (ulong)seed + (0x9E3779B97F4A7C15UL * (ulong)probe);
            state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
            state = (state ^ (state >> 27)) * 0x94D049BB133111EBUL;
            return (long)(state ^ (state >> 31));
        }
    }
}
