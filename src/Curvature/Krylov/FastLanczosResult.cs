using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// What Lanczos without reorthogonalisation knows for certain: a density and the ends of the spectrum, no count of
/// eigenvalues.
/// </summary>
/// <param name="Density"> The density seen from the start vector. Copies of a node that rounding cannot tell apart are
/// one; copies that have not converged yet are still stems of their own, of little weight. </param>
/// <param name="LambdaMax">The largest Ritz value; some eigenvalue lies within its error.</param>
/// <param name="LambdaMin">The smallest Ritz value; some eigenvalue lies within its error.</param>
/// <param name="Steps">Steps (products) done.</param>
/// <param name="InvariantSubspace">Whether it ended because the subspace was invariant to rounding.</param>
public sealed record FastLanczosResult(
    SpectralDensity Density,
    Estimate LambdaMax,
    Estimate LambdaMin,
    int Steps,
    bool InvariantSubspace
);
