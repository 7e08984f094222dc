using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>A density in numbers (docs/spectra.md).</summary>
/// <param name="NegativeTolerance">How far below zero an eigenvalue still counts as zero that rounding moved.</param>
/// <param name="NegativeEigenvalues">Share of eigenvalues below −<paramref name="NegativeTolerance"/>.</param>
/// <param name="NegativeMass">Share of Σ|λ| that they make up; null for the zero operator.</param>
/// <param name="Bulk">Bulk and outliers.</param>
/// <param name="Degeneracy">The null space.</param>
/// <param name="Rank">Effective ranks; null for the zero operator.</param>
public sealed record DensityShape(
    double NegativeTolerance,
    Estimate NegativeEigenvalues,
    Estimate? NegativeMass,
    BulkAndOutliers Bulk,
    RankDegeneracy Degeneracy,
    EffectiveRank? Rank
)
{
    /// <summary>The shape of a measured spectrum, at no further cost.</summary>
    /// <param name="spectrum">The measurement.</param>
    public static DensityShape Of(SpectrumMeasurement spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var density = spectrum.Density;
        var tolerance = NegativeToleranceOf(spectrum);
        return new DensityShape(
            tolerance,
            density.NegativeEigenvalues(tolerance),
            density.NegativeMass(tolerance),
            BulkAndOutliers.Of(density),
            RankDegeneracy.Of(density, spectrum.Provenance.Operator),
            EffectiveRank.Of(density)
        );
    }

    /// <summary>
    /// The size below which an eigenvalue may be zero that rounding moved, as a share of max |λ| that the element type
    /// decides.
    /// </summary>
    /// <param name="spectrum">The spectrum.</param>
    public static double NegativeToleranceOf(SpectrumMeasurement spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var nodes = spectrum.Density.Nodes;
        return (spectrum.Provenance.ElementType == ElementType.Float64 ? 1e-10 : 1e-4)
            * Math.Max(Math.Abs(nodes[0]), Math.Abs(nodes[^1]));
    }
}
