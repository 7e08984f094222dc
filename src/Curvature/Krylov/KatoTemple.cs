namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>How far the largest Ritz value may lie below the largest eigenvalue where the next one is known to be far.
/// </summary>
/// <remarks>
/// For a unit vector y with θ = yᵀAy, r = ‖Ay − θy‖ and λ2 &lt; θ: 0 ≤ λ1 − θ ≤ r²/(θ − λ2), since (A − λ1)(A − λ2) has
/// no negative eigenvalue (Temple 1928; Kato 1949; Parlett, The Symmetric Eigenvalue Problem, section 11.7). Where r is
/// below the gap, r bounds the same error (ibid., section 4.5), so the smaller of both does.
/// </remarks>
public static class KatoTemple
{
    /// <summary>min(r, r²/gap); r where there is no gap.</summary>
    /// <param name="residual">r, not negative.</param>
    /// <param name="gap">A lower bound of θ − λ2; 0 or less, or NaN, where none is known.</param>
    public static double Bound(double residual, double gap) =>
        gap > residual ? residual * (residual / gap) : residual;
}
