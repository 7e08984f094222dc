using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The negative part of a spectrum.</summary>
public class NegativeEigenvaluesTests
{
    [Fact]
    public void Negative_eigenvalues_are_a_share_of_all_and_negative_mass_is_their_share_of_the_sum_of_sizes()
    {
        var density = SpectralDensity.Create([-2, -1e-4, 0, 1], [0.1, 0.3, 0.4, 0.2], 98, 4);
        Assert.Equal(0.4, density.NegativeEigenvalues().Value, 1e-14);
        Assert.Equal(0.1, density.NegativeEigenvalues(1e-3).Value, 1e-14);
        Assert.Equal(0, density.NegativeEigenvalues(2).Value);
        Assert.Equal(Math.Sqrt(2.0 / 400 * 0.4 * 0.6), density.NegativeEigenvalues().Error, 1e-14);
        Assert.Equal(0.20003 / 0.40003, density.NegativeMass()!.Value, 1e-14);
        Assert.Equal(0.2 / 0.40003, density.NegativeMass(1e-3)!.Value, 1e-14);
        Assert.Equal(0, density.NegativeMass(2)!.Value);
        Assert.Null(SpectralDensity.Create([0], [1], 5).NegativeMass());

        // A spectrum of one sign has no chance in it: neither share has an error.
        foreach (var (sign, share) in new[] { (-1.0, 1.0), (1.0, 0.0) })
        {
            var single = SpectralDensity.Create([sign, 2 * sign], [0.5, 0.5], 9);
            Assert.Equal(new Estimate(share, 0), single.NegativeEigenvalues());
            Assert.Equal(new Estimate(share, 0), single.NegativeMass());
        }
    }
}
