using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
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

    internal static ShapeReading Of(SpectralDensity density, OperatorKind kind, ElementType type)
    {
        double tolerance =
            (type == ElementType.Float64 ? 1e-10 : 1e-4)
            * Math.Max(Math.Abs(density.Nodes[0]), Math.Abs(density.Nodes[^1]));
        var (negative, mass) = (density.NegativeEigenvalues(tolerance), density.NegativeMass(tolerance));
        var bulk = BulkAndOutliers.Of(density);
        var degeneracy = Curvature.Spectra.RankDegeneracy.Of(density, kind);
        var rank = EffectiveRank.Of(density);
        return new ShapeReading
        {
            NegativeEigenvalues = negative.Value,
            NegativeEigenvaluesStderr = negative.Error,
            NegativeMass = mass?.Value,
            NegativeMassStderr = mass?.Error,
            NegativeTolerance = tolerance,
            BulkLow = bulk.LowerEdge,
            BulkHigh = bulk.UpperEdge,
            BulkMass = bulk.BulkMass,
            OutliersAbove = bulk.Above,
            OutliersBelow = bulk.Below,
            RankDegeneracy = degeneracy.Mass,
            RankDegeneracyAt = degeneracy.Value,
            RankEntropy = rank?.Entropy,
            RankParticipation = rank?.Participation,
            RankStable = rank?.Stable,
        };
    }
}
