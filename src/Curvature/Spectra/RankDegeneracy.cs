using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// How much of the spectrum sits at zero: the mass of the Ritz values nearest the origin, taken as a proxy for the null
/// space.
/// </summary>
/// <param name="Mass">The share of eigenvalues that those stems stand for.</param>
/// <param name="Value">Where they lie: the mean of their nodes by weight. Far from zero, relative to ‖A‖, it says that
/// there is no null space.</param>
/// <param name="RitzValues">How many stems a probe were combined.</param>
/// <remarks>
/// Thesis, section 5.9, with m = 100 steps. One Ritz value for the Gauss-Newton matrix, which cannot have mass on both
/// sides of zero; the two nearest for the Hessian, whose mass near zero splits in two.
/// </remarks>
public sealed record RankDegeneracy(double Mass, double Value, int RitzValues)
{
    /// <summary>The degeneracy of one kind of operator.</summary>
    /// <param name="density">Its density.</param>
    /// <param name="kind">Which operator; it decides how many Ritz values are combined.</param>
    public static RankDegeneracy Of(SpectralDensity density, OperatorKind kind) =>
        Of(density, kind == OperatorKind.GaussNewton ? 1 : 2);

    /// <summary>The degeneracy by a given number of Ritz values.</summary>
    /// <param name="density">The stems; of an average over n probes n times as many are combined, that number of
    /// each.</param>
    /// <param name="ritzValues">How many, at least 1; all where there are fewer.</param>
    public static RankDegeneracy Of(SpectralDensity density, int ritzValues)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentOutOfRangeException.ThrowIfLessThan(ritzValues, 1);
        var nearest = density
            .Nodes.Zip(density.Weights)
            .OrderBy(stem => Math.Abs(stem.First))
            .Take(ritzValues * density.Probes)
            .ToArray();
        var mass = Math.Min(1, nearest.Sum(stem => stem.Second));

        // All the weights may be zero, to rounding; the nodes themselves then say where.
        var value =
            mass > 0 ? nearest.Sum(stem => stem.First * stem.Second) / mass : nearest.Average(stem => stem.First);
        return new RankDegeneracy(mass, value, ritzValues);
    }
}
