using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>The ends of a spectrum. Owns the Ritz vectors.</summary>
public sealed class ExtremalResult : IDisposable
{
    internal ExtremalResult(
        IReadOnlyList<RitzPair> top,
        IReadOnlyList<RitzPair> bottom,
        IReadOnlyList<Vector> topVectors,
        IReadOnlyList<Vector> bottomVectors,
        double roundingBound
    )
    {
        Top = top;
        Bottom = bottom;
        TopVectors = topVectors;
        BottomVectors = bottomVectors;
        RoundingBound = roundingBound;
    }

    /// <summary>
    /// The largest eigenvalues, largest first. Fewer than asked for where the operator, or an unconverged run, has
    /// fewer.
    /// </summary>
    public IReadOnlyList<RitzPair> Top { get; }

    /// <summary>The smallest eigenvalues, smallest first.</summary>
    public IReadOnlyList<RitzPair> Bottom { get; }

    /// <summary>
    /// The unit Ritz vectors of <see cref="Top"/>; empty where they were not asked for. They seed the next warm start.
    /// Where memory was short for copies they share one block, which lives until the last of them is disposed.
    /// </summary>
    public IReadOnlyList<Vector> TopVectors { get; }

    /// <summary>The unit Ritz vectors of <see cref="Bottom"/>; empty where they were not asked for.</summary>
    public IReadOnlyList<Vector> BottomVectors { get; }

    /// <summary>How far rounding in the products may have moved any eigenvalue; no error bar is smaller.</summary>
    public double RoundingBound { get; }

    /// <summary>The largest eigenvalue; null where <see cref="ExtremalOptions.Top"/> was 0.</summary>
    public Estimate? LambdaMax => Top.Count > 0 ? ToEstimate(Top[0]) : null;

    /// <summary>The smallest eigenvalue; null where <see cref="ExtremalOptions.Bottom"/> was 0.</summary>
    public Estimate? LambdaMin => Bottom.Count > 0 ? ToEstimate(Bottom[0]) : null;

    /// <summary>
    /// Whether every pair that was asked for reached the tolerance. If not, the residual bounds say how far it came.
    /// </summary>
    public required bool Converged { get; init; }

    /// <summary>Lanczos steps done.</summary>
    public required int Steps { get; init; }

    /// <summary>Curvature products spent.</summary>
    public required long Products { get; init; }

    /// <summary>
    /// The gap below the largest eigenvalue by which its error is bounded (<see cref="KatoTemple"/>), as an earlier
    /// spectrum tells it; 0 where the residual alone bounds it, as it does wherever it reaches the tolerance by itself.
    /// </summary>
    public double Gap { get; init; }

    /// <summary>The first Ritz pair below those of <see cref="Top"/>; null where there is none.</summary>
    internal RitzPair? Second { get; init; }

    /// <summary>Whether the last subspace was invariant, so that the pairs are exact up to rounding.</summary>
    public required bool InvariantSubspace { get; init; }

    /// <summary>Whether the run started from the vectors of an earlier one.</summary>
    public required bool WarmStarted { get; init; }

    /// <summary>A pair's value with its error bar.</summary>
    public Estimate ToEstimate(RitzPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        var bound =
            Top is [var largest, ..] && ReferenceEquals(pair, largest)
                ? KatoTemple.Bound(pair.ResidualBound, Gap)
                : pair.ResidualBound;
        return new Estimate(pair.Value, Math.Max(bound, RoundingBound));
    }

    /// <summary>Frees the Ritz vectors.</summary>
    public void Dispose()
    {
        foreach (var vector in TopVectors.Concat(BottomVectors))
        {
            vector.Dispose();
        }
    }
}
