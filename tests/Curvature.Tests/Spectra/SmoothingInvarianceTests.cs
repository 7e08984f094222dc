using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Smoothing under shift and scale.</summary>
public class SmoothingInvarianceTests
{
    [Fact]
    public void Smoothing_commutes_with_shift_and_scale() =>
        Prop.ForAll(
                Gen.Choose(-1000, 1000).Select(n => n / 10.0).ToArbitrary(),
                Gen.Choose(1, 10_000).Select(n => n / 10.0).ToArbitrary(),
                (shift, scale) =>
                {
                    double[] nodes = [-1, 0, 0.3, 0.35, 2, 7];
                    double[] weights = [1, 5, 3, 2, 1, 1];
                    var plain = GaussianSmoothing.Smooth(SpectralDensity.Create(nodes, weights, 100));
                    var moved = GaussianSmoothing.Smooth(
                        SpectralDensity.Create([.. nodes.Select(x => shift + (scale * x))], weights, 100)
                    );
                    return plain
                            .Values.Zip(moved.Values)
                            .All(pair => Math.Abs(pair.First - (scale * pair.Second)) < 1e-8 * (1 + pair.First))
                        && plain
                            .Points.Zip(moved.Points)
                            .All(pair =>
                                Math.Abs(shift + (scale * pair.First) - pair.Second)
                                < 1e-9 * (Math.Abs(shift) + (10 * scale))
                            );
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));
}
