using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The density of maximum entropy.</summary>
public class MaximumEntropyTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(14)]
    public void Maximum_entropy_reproduces_its_moments_and_approaches_the_law(int order)
    {
        var law = new WignerSemicircle();
        var entropy = MaximumEntropy.Of(SemicircleDensity.Semicircle(20), order, new SpectralRange(-2.2, 2.2));
        var curve = entropy.Sample(20_001);
        Assert.Equal(1, curve.Mass, 1e-6);
        var step = curve.Points[1] - curve.Points[0];
        for (var k = 1; k <= order; k++)
        {
            double[] product =
            [
                .. curve.Points.Zip(curve.Values, (x, y) => Math.Cos(k * Math.Acos(Math.Clamp(x / 2.2, -1, 1))) * y),
            ];
            Assert.Equal(entropy.Moments[k], new SampledDensity(curve.Points, product).Mass, 1e-6);
        }

        // Entropy cannot be below that of the law itself, which has the same moments, and falls as moments are added.
        var own = -Enumerable
            .Range(0, 40_000)
            .Select(i => -2 + ((i + 0.5) * 1e-4))
            .Sum(x => law.Density(x) * Math.Log(law.Density(x)) * 1e-4);
        Assert.True(entropy.Entropy >= own);
        Assert.True(
            entropy.Entropy
                <= MaximumEntropy.Of(SemicircleDensity.Semicircle(20), order - 2, new SpectralRange(-2.2, 2.2)).Entropy
        );

        // Two distributions that share 2k moments differ nowhere by more than the Christoffel function, at most the
        // largest Gauss weight of that order.
        var largest = SemicircleDensity.Semicircle(order / 2).Weights.Max();
        foreach (var x in new[] { -1.9, -1, 0, 0.5, 1.5 })
        {
            var below = curve.Points.Zip(curve.Values).Where(pair => pair.First <= x).Sum(pair => pair.Second * step);
            Assert.Equal(law.Cumulative(x), below, largest);
        }
    }
}
