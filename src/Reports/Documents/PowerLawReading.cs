namespace CurvatureMonitor.Reports.Documents;

/// <summary>φ(|λ|) = coefficient·|λ|^exponent between two magnitudes.</summary>
internal sealed record PowerLawReading
{
    /// <summary>The smallest |λ| of the fit.</summary>
    public double? Low { get; init; }

    /// <summary>The largest.</summary>
    public double? High { get; init; }

    /// <summary>The exponent.</summary>
    public double? Exponent { get; init; }

    /// <summary>The coefficient.</summary>
    public double? Coefficient { get; init; }

    /// <summary>Share of the variance of ln φ that the line explains.</summary>
    public double? RSquared { get; init; }
}
