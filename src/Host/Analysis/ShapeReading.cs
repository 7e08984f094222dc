using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Host.Http;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>What a density says in numbers (docs/spectra.md).</summary>
internal sealed record ShapeReading
{
    /// <summary>Share of eigenvalues below −<see cref="NegativeTolerance"/>.</summary>
    public double? NegativeEigenvalues
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Standard error of <see cref="NegativeEigenvalues"/>.</summary>
    public double? NegativeEigenvaluesStderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>
    /// Share of Σ|λ| that eigenvalues below −<see cref="NegativeTolerance"/> make up; absent for the zero operator.
    /// </summary>
    public double? NegativeMass
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Standard error of <see cref="NegativeMass"/>.</summary>
    public double? NegativeMassStderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>How far below zero still counts as zero: what rounding may have done.</summary>
    public double? NegativeTolerance { get; init; }

    /// <summary>The smallest node of the bulk.</summary>
    public double? BulkLow
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>The largest node of the bulk.</summary>
    public double? BulkHigh
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Share of eigenvalues in the bulk.</summary>
    public double? BulkMass
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Outliers above the bulk, largest first.</summary>
    public IReadOnlyList<double>? OutliersAbove
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Outliers below the bulk, smallest first.</summary>
    public IReadOnlyList<double>? OutliersBelow
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Share of eigenvalues at the Ritz values nearest zero.</summary>
    public double? RankDegeneracy
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Where those Ritz values lie; far from zero says that there is no null space.</summary>
    public double? RankDegeneracyAt
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Effective rank by entropy; absent for the zero operator, as the other two.</summary>
    public double? RankEntropy
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Participation ratio (Σ|λ|)²/Σλ².</summary>
    public double? RankParticipation
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Stable rank Σλ²/max λ².</summary>
    public double? RankStable
    {
        get;
        init => field = Finite.OrNull(value);
    }

    internal static ShapeReading Of(DensityShape shape) =>
        new()
        {
            NegativeEigenvalues = shape.NegativeEigenvalues.Value,
            NegativeEigenvaluesStderr = shape.NegativeEigenvalues.Error,
            NegativeMass = shape.NegativeMass?.Value,
            NegativeMassStderr = shape.NegativeMass?.Error,
            NegativeTolerance = shape.NegativeTolerance,
            BulkLow = shape.Bulk.LowerEdge,
            BulkHigh = shape.Bulk.UpperEdge,
            BulkMass = shape.Bulk.BulkMass,
            OutliersAbove = shape.Bulk.Above,
            OutliersBelow = shape.Bulk.Below,
            RankDegeneracy = shape.Degeneracy.Mass,
            RankDegeneracyAt = shape.Degeneracy.Value,
            RankEntropy = shape.Rank?.Entropy,
            RankParticipation = shape.Rank?.Participation,
            RankStable = shape.Rank?.Stable,
        };
}
