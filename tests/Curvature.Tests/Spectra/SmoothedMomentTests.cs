using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>What smoothing does to moments.</summary>
public class SmoothedMomentTests
{
    [Fact]
    public void A_curve_has_the_stems_mass_and_mean_and_their_variance_plus_the_bumps_own() =>
        Prop.ForAll(
                Gen.Choose(-500, 500).Select(n => n / 100.0).ArrayOf(30).ToArbitrary(),
                Gen.Choose(1, 100).Select(n => (double)n).ArrayOf(30).ToArbitrary(),
                (nodes, weights) =>
                {
                    var density = SpectralDensity.Create(nodes, weights, 1000);
                    var options = new SmoothingOptions { Margin = 0.25, Points = 4001 };
                    var range = SpectralRange.Of(density, 0.25);
                    var curve = GaussianSmoothing.Smooth(density, options);
                    var sigma = range.HalfWidth * GaussianSmoothing.NormalisedWidth(30);
                    var step = curve.Points[1] - curve.Points[0];
                    var mean = curve.Points.Zip(curve.Values, (x, y) => x * y * step).Sum();
                    var square = curve.Points.Zip(curve.Values, (x, y) => x * x * y * step).Sum();
                    return Math.Abs(curve.Mass - 1) < 1e-6
                        && Math.Abs(mean - density.Moment(1)) < 1e-5
                        && Math.Abs(square - density.Moment(2) - (sigma * sigma)) < 1e-4
                        && Math.Abs(GaussianSmoothing.At(density, curve.Points[1234], sigma) - curve.Values[1234])
                            < 1e-12;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));
}
