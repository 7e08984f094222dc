using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Spectra over the logarithm of the magnitude.</summary>
public class LogSpectrumTests
{
    [Fact]
    public void The_log_spectrum_has_mass_one_parts_that_add_up_and_a_density_a_unit_of_magnitude()
    {
        var density = SpectralDensity.Create([-2, -0.01, 1e-9, 0.001, 0.5, 100], [1, 2, 5, 3, 2, 1], 1000);
        var log = LogSpectrum.Of(
            density,
            new SmoothingOptions
            {
                Margin = 0.2,
                Points = 4001,
                Steps = 20,
            }
        );
        Assert.Equal(1, log.Total.Mass, 1e-4);
        Assert.Equal(3.0 / 14, log.Negative.Mass, 1e-4);
        Assert.Equal(11.0 / 14, log.Positive.Mass, 1e-4);
        for (var i = 0; i < log.Total.Points.Count; i += 100)
        {
            Assert.Equal(log.Total.Values[i], log.Positive.Values[i] + log.Negative.Values[i], 1e-12);
        }

        // Per unit of |λ|, far above ε: ∫ φ(|λ|) d|λ| over what lies above 0.1 is the mass there, 4/14.
        double[] magnitudes = [.. Enumerable.Range(0, 400_000).Select(i => 0.1 + (i * 1e-3))];
        Assert.Equal(
            4.0 / 14,
            new SampledDensity(magnitudes, Array.ConvertAll(magnitudes, log.PerMagnitude)).Mass,
            2e-3
        );

        // A zero eigenvalue lies at ln ε.
        var zero = LogSpectrum.Of(SpectralDensity.Create([0, 1], [1, 1], 10), relativeFloor: 1e-6);
        Assert.Equal(1e-6, zero.Floor);
        Assert.True(zero.Total.At(Math.Log(1e-6)) > 0.9 * zero.Total.Values.Max());
    }
}
