using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>What a measured spectrum says in numbers, at no further cost.</summary>
public static class SpectrumShapes
{
    /// <summary>Fewer steps cannot tell outliers from the edge of the bulk.</summary>
    private const int StepsForOutliers = 20;

    /// <summary>The shape of one spectrum.</summary>
    /// <param name="spectrum">The measurement.</param>
    public static SpectrumShape Of(SpectrumMeasurement spectrum)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var density = spectrum.Density;
        double tolerance = DensityShape.NegativeToleranceOf(spectrum);
        return new SpectrumShape
        {
            NegativeEigenvalues = density.NegativeEigenvalues(tolerance).Value,
            NegativeMass = density.NegativeMass(tolerance)?.Value,
            DegenerateEigenvalues = RankDegeneracy.Of(density, spectrum.Provenance.Operator).Mass,
            EffectiveRank = EffectiveRank.Of(density)?.Participation,
            Outliers =
                spectrum.Provenance.Steps >= StepsForOutliers && spectrum.Provenance.Reorthogonalised
                    ? BulkAndOutliers.Of(density).Count
                    : null,
        };
    }
}
