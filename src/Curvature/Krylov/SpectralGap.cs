namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// What an earlier spectrum tells of the gap below the largest eigenvalue λ1: a bound of λ2 then, and how far λ1 has
/// moved since.
/// </summary>
/// <param name="Second">θ2 + r2 of the last cold search, r2 its residual bound: λ2 was at most that, unless the search
/// missed an eigenvalue.</param>
/// <param name="Moved">Σ|Δθ1| of the searches since.</param>
/// <param name="Largest">θ1 of the last search.</param>
/// <remarks>
/// No eigenvalue moves farther than ‖ΔA‖ (Weyl), of which |Δθ1| shows a part; λ2 is therefore allowed
/// <see cref="Margin"/> times the way that θ1 has gone. What is left is an estimate, no theorem: a gap of less than
/// <see cref="Least"/> of θ1 is not relied upon.
/// </remarks>
public sealed record SpectralGap(double Second, double Moved, double Largest)
{
    private const double Margin = 2;
    private const double Least = 0.25;

    /// <summary>The gap after a cold search; null where it saw no second eigenvalue.</summary>
    internal static SpectralGap? After(ExtremalResult cold) =>
        cold is { Top: [var largest, ..], Second: { } second }
            ? new SpectralGap(second.Value + second.ResidualBound, 0, largest.Value)
            : null;

    /// <summary>The same after a warm search.</summary>
    internal SpectralGap Moving(ExtremalResult warm) =>
        warm.Top is [var largest, ..]
            ? this with
            {
                Moved = Moved + Math.Abs(largest.Value - Largest),
                Largest = largest.Value,
            }
            : this;

    /// <summary>A lower bound of θ − λ2, as far as can be told; 0 where it is too small to rely upon.</summary>
    /// <param name="largest">θ, the largest Ritz value now.</param>
    /// <param name="next">The next Ritz value now, which λ2 is not below; −∞ where there is none.</param>
    public double Below(double largest, double next)
    {
        var second = Second + (Margin * (Moved + Math.Abs(largest - Largest)));
        var gap = largest - second;
        return next <= second && gap >= Least * Math.Abs(largest) ? gap : 0;
    }
}
