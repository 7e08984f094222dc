namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>Tells eigenvalues that a Krylov space has found from Ritz values that only stand in for many.</summary>
public static class ResolvedEigenvalues
{
    /// <summary>
    /// The largest error bar, as a share of its value, with which a Ritz value is shown as "the k-th eigenvalue".
    /// </summary>
    public const double Tolerance = 0.1;

    /// <summary>
    /// The leading Ritz values up to the first whose residual bound is more than a tenth of it: beyond, the rank of a
    /// Ritz value says nothing about the rank of an eigenvalue.
    /// </summary>
    /// <param name="ritzValues">Ritz values with their residual bounds, largest first.</param>
    public static IReadOnlyList<Estimate> Leading(IReadOnlyList<Estimate> ritzValues) =>
        [.. ritzValues.TakeWhile(ritz => ritz.Error <= Tolerance * Math.Abs(ritz.Value))];
}
