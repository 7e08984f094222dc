using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Analyses;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>The curves of one density.</summary>
internal sealed record ViewsReading
{
    /// <summary>Gaussians of Papyan's width.</summary>
    public CurveReading? Gaussian { get; init; }

    /// <summary>The density of ln|λ|.</summary>
    public CurveReading? Log { get; init; }

    /// <summary>The kernel polynomial method.</summary>
    public CurveReading? Kpm { get; init; }

    /// <summary>The curve of greatest entropy.</summary>
    public CurveReading? Entropy { get; init; }

    internal static ViewsReading Of(IReadOnlyList<DensityCurve> curves, MagnitudeRange? powerLaw)
    {
        CurveReading? Curve(DensityView view) =>
            curves.FirstOrDefault(curve => curve.View == view) is { } curve ? CurveReading.Of(curve, powerLaw) : null;
        return new ViewsReading
        {
            Gaussian = Curve(DensityView.Gaussian),
            Log = Curve(DensityView.Log),
            Kpm = Curve(DensityView.Kpm),
            Entropy = Curve(DensityView.Entropy),
        };
    }
}
