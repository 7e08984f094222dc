using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>A measured spectrum in numbers, at no further cost (docs/spectra.md).</summary>
public static class ShapeAnalysis
{
    /// <summary>The shape of one spectrum.</summary>
    /// <param name="spectrum">The measurement.</param>
    public static SpectrumShape Of(SpectrumMeasurement spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var density = spectrum.Density;
        var tolerance = NegativeTolerance(spectrum);
        var negative = density.NegativeEigenvalues(tolerance);
        var mass = density.NegativeMass(tolerance);
        var bulk = BulkAndOutliers.Of(density);
        var degeneracy = RankDegeneracy.Of(density, spectrum.Provenance.Operator);
        var rank = EffectiveRank.Of(density);
        return new SpectrumShape
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

    // Below it an eigenvalue may be zero that rounding moved: a share of max |λ| that the element type decides.
    private static double NegativeTolerance(SpectrumMeasurement spectrum)
    {
        var nodes = spectrum.Density.Nodes;
        return (spectrum.Provenance.ElementType == ElementType.Float64 ? 1e-10 : 1e-4)
            * Math.Max(Math.Abs(nodes[0]), Math.Abs(nodes[^1]));
    }
}
