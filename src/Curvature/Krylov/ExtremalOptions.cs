namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>Which ends of the spectrum to find, and how well.</summary>
public sealed record ExtremalOptions
{
    /// <summary>How many of the largest eigenvalues.</summary>
    public int Top { get; init; } = 1;

    /// <summary>How many of the smallest eigenvalues.</summary>
    public int Bottom { get; init; } = 1;

    /// <summary>
    /// The largest residual bound, relative to max|λ|, at which a pair counts as converged. What the element type
    /// cannot give is not waited for: the bound that applies is never below the rounding of the products.
    /// </summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>
    /// Steps (products) at most. Where they do not suffice, the result says so and its residual bounds say how far the
    /// search came.
    /// </summary>
    public int MaximumSteps { get; init; } = 100;

    /// <summary>
    /// Vectors of P numbers that the search holds at most at any moment, basis, work and results together, but for the
    /// vectors of a warm start. Fewer cost more products, since the search restarts whenever the basis is full. Null
    /// means 40, or twice as many as pairs are asked for and 10, if that is more.
    /// </summary>
    public int? MaximumVectors { get; init; }

    /// <summary>
    /// Whether, once the pairs have converged, the orthogonal complement of their vectors is searched from a random
    /// vector, until its ends are seen to lie inside. It finds repeated eigenvalues as often as they are, and what a
    /// warm start missed, at the cost of <see cref="MinimumColdSteps"/> products at least.
    /// </summary>
    public bool SearchComplement { get; init; }

    /// <summary>As <see cref="LanczosOptions.DeviceBytes"/>.</summary>
    public long DeviceBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Steps that a cold search takes at least, however small its residual bounds. In the first steps a random vector
    /// of a large space sees the bulk of the spectrum alone, and where the bulk is narrow its Ritz values have small
    /// residuals before any outlier has emerged.
    /// </summary>
    public int MinimumColdSteps { get; init; } = 8;

    /// <summary>
    /// How often the tridiagonal problem is looked at, in steps; the interval grows with the number of steps, so that
    /// looking costs little.
    /// </summary>
    public int CheckEvery { get; init; } = 1;

    /// <summary>Seed of the random start vector, and of the random part of a warm one.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// ‖random part‖ of a warm start vector whose other part has norm 1. It is what finds directions that the previous
    /// vectors miss.
    /// </summary>
    public double RandomShare { get; init; } = 0.01;

    /// <summary>
    /// Whether the Ritz vectors of the pairs are computed (they cost O(m³ + kmP)); a warm start needs them.
    /// </summary>
    public bool ComputeVectors { get; init; } = true;

    /// <summary>
    /// What an earlier spectrum tells of the gap below the largest eigenvalue; null for nothing. Where one eigenvalue
    /// is asked for at the top and the complement is not searched, it makes the bound of <see cref="KatoTemple"/> do.
    /// </summary>
    public SpectralGap? Gap { get; init; }

    /// <summary>As <see cref="LanczosOptions.BreakdownTolerance"/>.</summary>
    public double? BreakdownTolerance { get; init; }

    /// <summary>The vectors that may be held.</summary>
    internal int VectorBudget =>
        MaximumVectors ?? (int)Math.Min(int.MaxValue, Math.Max(40, (2L * ((long)Top + Bottom)) + 10));

    /// <summary>A lower bound of the gap below the largest Ritz value; 0 where none may be used.</summary>
    internal double GapBelow(double largest, double next) =>
        Top == 1 && !SearchComplement && Gap is not null ? Gap.Below(largest, next) : 0;

    internal void Validate()
    {
        Require(
            Top >= 0 && Bottom >= 0 && Top + Bottom > 0,
            "ask for at least one eigenvalue: Top and Bottom are not negative and not both 0"
        );
        Require(Tolerance > 0 && double.IsFinite(Tolerance), "Tolerance is positive");
        Require(MaximumSteps >= 1, "MaximumSteps is at least 1");
        var fewest = (long)Top + Bottom + ThickRestart.FewestSteps + LanczosProcess.WorkVectors;
        Require(
            VectorBudget >= fewest,
            $"MaximumVectors is at least {fewest} for {Top} + {Bottom} pairs, not {MaximumVectors}"
        );
        Require(MinimumColdSteps >= 0, "MinimumColdSteps is not negative");
        Require(CheckEvery >= 1, "CheckEvery is at least 1");
        Require(
            RandomShare > 0 && double.IsFinite(RandomShare),
            "RandomShare is positive: without it a warm start finds no new direction"
        );
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
