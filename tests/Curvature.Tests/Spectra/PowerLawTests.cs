using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Fits of power laws.</summary>
public class PowerLawTests
{
    [Fact]
    public void A_power_law_is_recovered_from_its_quantiles()
    {
        // p(λ) ∝ λ^−1.5 on [1, 10⁶]: F = (1 − λ^−½)/(1 − 10⁻³), 400 quantiles of equal weight.
        double[] nodes = [.. Enumerable.Range(0, 400).Select(i => Math.Pow(1 - ((i + 0.5) / 400 * (1 - 1e-3)), -2))];
        var density = SpectralDensity.Create(nodes, [.. nodes.Select(_ => 1.0)], 400);
        var fit = LogSpectrum.Of(density, new SmoothingOptions { Steps = 20 }).FitPowerLaw(20, 2e4)!;
        Assert.Equal(-1.5, fit.Exponent, 0.05);
        Assert.Equal(0.5 / (1 - 1e-3), fit.Coefficient, 0.2);
        Assert.InRange(fit.RSquared, 0.99, 1);
        Assert.Null(LogSpectrum.Of(density).FitPowerLaw(1e9, 1e10));
    }
}
