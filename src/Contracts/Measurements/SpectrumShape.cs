namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>What a spectral density says in numbers. What is null is not exposed.</summary>
public sealed record SpectrumShape
{
    /// <summary>Share of eigenvalues that are negative beyond rounding, 0 to 1.</summary>
    public double? NegativeEigenvalues { get; init; }

    /// <summary>Share of Σ|λ| that negative eigenvalues make up, 0 to 1.</summary>
    public double? NegativeMass { get; init; }

    /// <summary>Share of eigenvalues that the Ritz values nearest zero stand for, 0 to 1.</summary>
    public double? DegenerateEigenvalues { get; init; }

    /// <summary>(Σ|λ|)²/Σλ².</summary>
    public double? EffectiveRank { get; init; }

    /// <summary>Eigenvalues apart from the bulk.</summary>
    public long? Outliers { get; init; }
}
