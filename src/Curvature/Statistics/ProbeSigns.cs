using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// The Rademacher vectors of traces and variances: E[z zᵀ] = I, and of all such distributions the one whose quadratic
/// forms spread least, for the diagonal adds nothing.
/// </summary>
internal static class ProbeSigns
{
    // Draws of their own. A seed's signs and its normal numbers come from the same random bits (their cosine is 0.4),
    // so that directions that Lanczos found from the run's seed would lean towards the run's first probe, and deflation
    // would bias it.
    private const long Salt = 0x1D872B41A3C5E697;

    /// <summary>Overwrites <paramref name="vector"/> [P] with z of one probe of a run.</summary>
    internal static void Fill(Vector vector, long seed, int probe) =>
        vector.FillRademacher(IsotropicStart.ProbeSeed(seed ^ Salt, probe + 1));
}
