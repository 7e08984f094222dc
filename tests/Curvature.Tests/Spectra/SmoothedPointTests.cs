using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Curves of single points.</summary>
public class SmoothedPointTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(3.0)]
    [InlineData(-1e-9)]
    public void A_spectrum_of_one_point_has_a_curve_too(double value)
    {
        var curve = GaussianSmoothing.Smooth(SpectralDensity.Create([value], [1], 10));
        Assert.All(curve.Values, height => Assert.True(double.IsFinite(height)));
        Assert.True(curve.Points[0] < value && curve.Points[^1] > value);
        var log = LogSpectrum.Of(SpectralDensity.Create([value], [1], 10));
        Assert.All(log.Total.Values, height => Assert.True(double.IsFinite(height)));
    }

    [Fact]
    public void A_sampled_density_is_linear_between_its_points_and_zero_beyond()
    {
        var density = new SampledDensity([0, 1, 3], [0, 2, 0]);
        Assert.Equal([0, 1, 2, 1, 0, 0], new[] { 0, 0.5, 1, 2, 3, 3.01 }.Select(density.At));
        Assert.Equal(0, density.At(-0.1));
        Assert.Equal(0, density.At(double.NaN));
        Assert.Equal(3, density.Mass);
    }
}
