using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Maximum entropy of few moments.</summary>
public class MaximumEntropyLimitsTests
{
    [Fact]
    public void Maximum_entropy_of_two_moments_is_the_truncated_gaussian()
    {
        // exp(α₁t + α₂T₂(t)) is a Gaussian in t; far from the ends of the range it is that of the mean and the
        // variance.
        double[] quantiles =
        [
            .. Enumerable
                .Range(0, 2000)
                .Select(i => 0.3 + (0.1 * MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (i + 0.5) / 2000))),
        ];
        var density = SpectralDensity.Create(quantiles, [.. quantiles.Select(_ => 1.0)], 2000);
        var entropy = MaximumEntropy.Of(density, 2, new SpectralRange(-1, 1.5));
        var (mean, variance) = (density.Moment(1), density.Moment(2) - Math.Pow(density.Moment(1), 2));
        foreach (var x in new[] { 0.0, 0.2, 0.3, 0.42, 0.6 })
        {
            var gaussian = Math.Exp(-Math.Pow(x - mean, 2) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
            Assert.Equal(gaussian, entropy.Density(x), 1e-6);
        }

        Assert.Equal(0.5 * Math.Log(2 * Math.PI * Math.E * variance), entropy.Entropy, 1e-8);
        Assert.Equal(0, entropy.Density(-1.01));
    }

    [Fact]
    public void Point_masses_have_no_maximum_entropy_density_and_the_message_says_what_to_do()
    {
        var atoms = SpectralDensity.Create([0, 1, 5], [0.97, 0.02, 0.01], 1000, 1);
        var exception = Assert.Throws<CurvatureException>(() =>
            MaximumEntropy.Of(
                SpectralDensity.Create([.. atoms.Nodes, 0, 0, 0, 0, 0], [.. atoms.Weights, 0, 0, 0, 0, 0], 1000),
                12
            )
        );
        Assert.Contains("fewer moments", exception.Message, StringComparison.Ordinal);
    }
}
