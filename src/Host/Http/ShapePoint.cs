namespace CurvatureMonitor.Host.Http;

/// <summary>What a spectrum says in numbers.</summary>
internal sealed record ShapePoint
{
    /// <summary>Share of eigenvalues that are negative beyond rounding.</summary>
    public double? NegativeEigenvalues
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Share of Σ|λ| that negative eigenvalues make up.</summary>
    public double? NegativeMass
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Share of eigenvalues at the Ritz values nearest zero.</summary>
    public double? DegenerateEigenvalues
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Participation ratio (Σ|λ|)²/Σλ².</summary>
    public double? EffectiveRank
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Eigenvalues apart from the bulk; absent where the spectrum has too few steps to tell.</summary>
    public long? Outliers { get; init; }
}
