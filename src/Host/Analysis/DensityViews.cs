using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Draws the curves of a density. They cost no product.</summary>
internal static class DensityViews
{
    private const int EntropyMoments = 8;
    private const int LeastPoints = 1024;

    // Points a bump's width; with fewer the curve would lose part of its mass between the points.
    private const double PointsPerSigma = 2;

    // Beyond it the series resolves single stems, and its curve needs more points than a picture has.
    private const int MostMoments = 500;

    /// <summary>
    /// The curves that were asked for; one that the density does not allow is absent, and a note says why.
    /// </summary>
    internal static ViewsReading Of(
        KrylovFindings found,
        AnalysisRequest request,
        ElementType type,
        Action<string> note
    )
    {
        var density = found.Density!;
        CurveReading? If(DensityView view, Func<CurveReading?> curve) => request.Views.Contains(view) ? curve() : null;

        // Papyan's range reaches as far as the residuals of the two ends.
        var range = SpectralRange.Of(found.Smallest!, found.Largest[0]);
        range = new SpectralRange(Math.Min(range.Low, density.Nodes[0]), Math.Max(range.High, density.Nodes[^1]));
        return new ViewsReading
        {
            Gaussian = If(DensityView.Gaussian, () => Gaussian(density, range)),
            Log = If(DensityView.Log, () => Log(density, type, request.PowerLaw)),
            Kpm = If(DensityView.Kpm, () => KernelPolynomial(density, range)),
            Entropy = If(DensityView.Entropy, () => Entropy(density, range, note)),
        };
    }

    private static CurveReading Gaussian(SpectralDensity density, SpectralRange range)
    {
        var curve = GaussianSmoothing.Smooth(density, Points(density), range);
        return Curve(curve) with { Sigma = range.HalfWidth * GaussianSmoothing.NormalisedWidth(density.StemsPerProbe) };
    }

    private static CurveReading Log(SpectralDensity density, ElementType type, (double Low, double High)? powerLaw)
    {
        // Smaller eigenvalues than the products' own rounding are none.
        var log = LogSpectrum.Of(density, Points(density), relativeFloor: type == ElementType.Float64 ? 1e-12 : 1e-5);
        var line = powerLaw is { } limits ? log.FitPowerLaw(limits.Low, limits.High) : null;
        return Curve(log.Total) with
        {
            Negative = log.Negative.Values,
            Sigma = log.Width,
            Floor = log.Floor,
            PowerLaw = line is null
                ? null
                : new PowerLawReading
                {
                    Low = powerLaw!.Value.Low,
                    High = powerLaw.Value.High,
                    Exponent = line.Exponent,
                    Coefficient = line.Coefficient,
                    RSquared = line.RSquared,
                },
        };
    }

    private static CurveReading KernelPolynomial(SpectralDensity density, SpectralRange range)
    {
        int order = Math.Min(MostMoments, (2 * density.StemsPerProbe) - 1);
        var series = Curvature.Spectra.KernelPolynomial.Of(density, order, range);
        return Curve(series.Sample(Math.Max(LeastPoints, 4 * order))) with { Order = series.Order };
    }

    private static CurveReading? Entropy(SpectralDensity density, SpectralRange range, Action<string> note)
    {
        try
        {
            var curve = MaximumEntropy.Of(density, Math.Min(EntropyMoments, (2 * density.StemsPerProbe) - 1), range);
            return Curve(curve.Sample()) with { Order = curve.Moments.Count - 1, Entropy = curve.Entropy };
        }
        catch (CurvatureException exception)
        {
            note(exception.Message);
            return null;
        }
    }

    // σ is a share of half the range that depends on the steps alone.
    private static SmoothingOptions Points(SpectralDensity density) =>
        new()
        {
            Points = Math.Max(
                LeastPoints,
                (int)Math.Ceiling(2 * PointsPerSigma / GaussianSmoothing.NormalisedWidth(density.StemsPerProbe))
            ),
        };

    private static CurveReading Curve(SampledDensity curve) => new() { Points = curve.Points, Values = curve.Values };
}
