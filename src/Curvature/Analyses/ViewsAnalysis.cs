using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Smooth curves of a density. They cost no product.</summary>
public static class ViewsAnalysis
{
    private const int EntropyMoments = 8;
    private const int MinimumPoints = 1024;

    // Points a bump's width; with fewer the curve would lose part of its mass between the points.
    private const double PointsPerSigma = 2;

    // Beyond it the series resolves single stems, and its curve needs more points than a picture has.
    private const int MaximumMoments = 500;

    /// <summary>
    /// The curves that the settings ask for; one that the density does not allow is absent, and a note gives the
    /// reason.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <param name="spectrum">Its spectrum.</param>
    public static IReadOnlyList<DensityCurve> Of(
        AnalysisContext context,
        OperatorKind kind,
        SpectrumMeasurement spectrum
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(spectrum);
        var density = spectrum.Density;

        // Papyan's range reaches as far as the residuals of the two ends.
        var range = SpectralRange.Of(spectrum.Smallest, spectrum.Eigenvalues[0]);
        range = new SpectralRange(Math.Min(range.Low, density.Nodes[0]), Math.Max(range.High, density.Nodes[^1]));
        var curves = new List<DensityCurve>();
        foreach (var view in context.Settings.Views ?? Enum.GetValues<DensityView>())
        {
            var curve = view switch
            {
                DensityView.Gaussian => Gaussian(density, range),
                DensityView.Log => Log(density, spectrum.Provenance.ElementType, context.Settings.PowerLaw),
                DensityView.Kpm => Kpm(density, range),
                DensityView.Entropy => Entropy(density, range, context.Progress),
                _ => throw new ArgumentOutOfRangeException(nameof(context), view, $"{kind.Label()} has no such view"),
            };
            if (curve is not null)
            {
                curves.Add(curve);
            }
        }

        return curves;
    }

    private static DensityCurve Gaussian(SpectralDensity density, SpectralRange range) =>
        new(DensityView.Gaussian, GaussianSmoothing.Smooth(density, Points(density), range))
        {
            Sigma = range.HalfWidth * GaussianSmoothing.NormalisedWidth(density.StemsPerProbe),
        };

    private static DensityCurve Log(SpectralDensity density, ElementType type, MagnitudeRange? powerLaw)
    {
        // Smaller eigenvalues than the products' own rounding are none.
        var log = LogSpectrum.Of(density, Points(density), relativeFloor: type == ElementType.Float64 ? 1e-12 : 1e-5);
        return new DensityCurve(DensityView.Log, log.Total)
        {
            Negative = log.Negative.Values,
            Sigma = log.Width,
            Floor = log.Floor,
            PowerLaw = powerLaw is null ? null : log.FitPowerLaw(powerLaw.Low, powerLaw.High),
        };
    }

    private static DensityCurve Kpm(SpectralDensity density, SpectralRange range)
    {
        var order = Math.Min(MaximumMoments, (2 * density.StemsPerProbe) - 1);
        var series = KernelPolynomial.Of(density, order, range);
        return new DensityCurve(DensityView.Kpm, series.Sample(Math.Max(MinimumPoints, 4 * order)))
        {
            Order = series.Order,
        };
    }

    private static DensityCurve? Entropy(SpectralDensity density, SpectralRange range, IAnalysisProgress progress)
    {
        try
        {
            var curve = MaximumEntropy.Of(density, Math.Min(EntropyMoments, (2 * density.StemsPerProbe) - 1), range);
            return new DensityCurve(DensityView.Entropy, curve.Sample())
            {
                Order = curve.Moments.Count - 1,
                Entropy = curve.Entropy,
            };
        }
        catch (CurvatureException exception)
        {
            progress.Note(exception.Message);
            return null;
        }
    }

    // σ is a share of half the range that depends on the steps alone.
    private static SmoothingOptions Points(SpectralDensity density) =>
        new()
        {
            Points = Math.Max(
                MinimumPoints,
                (int)Math.Ceiling(2 * PointsPerSigma / GaussianSmoothing.NormalisedWidth(density.StemsPerProbe))
            ),
        };
}
