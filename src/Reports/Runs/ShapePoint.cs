using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// What a spectrum says in numbers: five of those that a saved analysis has, for every one of them is sent at every
/// measurement.
/// </summary>
internal sealed record ShapePoint
{
    /// <summary>Share of eigenvalues that are negative beyond rounding.</summary>
    public double? NegativeEigenvalues { get; init; }

    /// <summary>Share of Σ|λ| that negative eigenvalues make up.</summary>
    public double? NegativeMass { get; init; }

    /// <summary>Share of eigenvalues at the Ritz values nearest zero.</summary>
    public double? DegenerateEigenvalues { get; init; }

    /// <summary>Participation ratio (Σ|λ|)²/Σλ².</summary>
    public double? EffectiveRank { get; init; }

    /// <summary>Eigenvalues apart from the bulk; absent where the spectrum has too few steps to tell.</summary>
    public long? Outliers { get; init; }

    /// <summary>The shape of a spectrum; null where a journal is from before it was recorded.</summary>
    internal static ShapePoint? Of(SpectrumMeasurement spectrum) =>
        spectrum.Shape is { } shape
            ? new ShapePoint
            {
                NegativeEigenvalues = shape.NegativeEigenvalues,
                NegativeMass = shape.NegativeMass,
                DegenerateEigenvalues = shape.RankDegeneracy,
                EffectiveRank = shape.RankParticipation,
                Outliers = spectrum.Outliers,
            }
            : null;
}
