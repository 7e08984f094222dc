namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// A spectral density in numbers (docs/spectra.md). What the density does not have, as the zero operator has no rank,
/// is null.
/// </summary>
public sealed record SpectrumShape
{
    /// <summary>
    /// Share of eigenvalues below −<see cref="NegativeTolerance"/>: negative beyond rounding, 0 to 1.
    /// </summary>
    public double? NegativeEigenvalues { get; init; }

    /// <summary>Standard error of <see cref="NegativeEigenvalues"/>.</summary>
    public double? NegativeEigenvaluesStderr { get; init; }

    /// <summary>
    /// Share of Σ|λ| that eigenvalues below −<see cref="NegativeTolerance"/> make up, 0 to 1; null for the zero
    /// operator.
    /// </summary>
    public double? NegativeMass { get; init; }

    /// <summary>Standard error of <see cref="NegativeMass"/>.</summary>
    public double? NegativeMassStderr { get; init; }

    /// <summary>How far below zero still counts as zero, because rounding may have moved it there.</summary>
    public double? NegativeTolerance { get; init; }

    /// <summary>The smallest node of the bulk.</summary>
    public double? BulkLow { get; init; }

    /// <summary>The largest node of the bulk.</summary>
    public double? BulkHigh { get; init; }

    /// <summary>Share of eigenvalues in the bulk, 0 to 1.</summary>
    public double? BulkMass { get; init; }

    /// <summary>Outliers above the bulk, largest first.</summary>
    public IReadOnlyList<double> OutliersAbove { get; init; } = [];

    /// <summary>Outliers below the bulk, smallest first.</summary>
    public IReadOnlyList<double> OutliersBelow { get; init; } = [];

    /// <summary>Share of eigenvalues that the Ritz values nearest zero stand for, 0 to 1.</summary>
    public double? RankDegeneracy { get; init; }

    /// <summary>Where those Ritz values lie; far from zero says that there is no null space.</summary>
    public double? RankDegeneracyAt { get; init; }

    /// <summary>Effective rank by entropy; null for the zero operator, as the other two.</summary>
    public double? RankEntropy { get; init; }

    /// <summary>Participation ratio (Σ|λ|)²/Σλ².</summary>
    public double? RankParticipation { get; init; }

    /// <summary>Stable rank Σλ²/max λ².</summary>
    public double? RankStable { get; init; }
}
