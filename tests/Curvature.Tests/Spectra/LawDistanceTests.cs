using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The distance from a law.</summary>
public class LawDistanceTests
{
    [Fact]
    public void The_distance_from_a_law_is_that_from_many_of_its_quantiles()
    {
        foreach (
            ISpectralLaw law in new ISpectralLaw[]
            {
                new WignerSemicircle(),
                new MarchenkoPastur(0.5),
                new MarchenkoPastur(3, 2),
            }
        )
        {
            var quantiles = EqualWeights.Equal([
                .. Enumerable.Range(0, 20_000).Select(i => Quantile(law, (i + 0.5) / 20_000)),
            ]);
            var density = SpectralDensity.Create([-0.5, 0, 0.7, 1.4, 4], [0.1, 0.2, 0.3, 0.2, 0.2], 10);
            Assert.Equal(
                SpectralDistance.Wasserstein(density, quantiles),
                SpectralDistance.Wasserstein(density, law),
                1e-3
            );
            Assert.Equal(
                SpectralDistance.Kolmogorov(density, quantiles),
                SpectralDistance.Kolmogorov(density, law),
                2e-4
            );
            Assert.InRange(SpectralDistance.Kolmogorov(quantiles, law), 0, 1e-4);
        }
    }

    private static double Quantile(ISpectralLaw law, double share)
    {
        if (law is MarchenkoPastur pastur && share <= pastur.MassAtZero)
        {
            return 0;
        }

        var (low, high) = (law.LowerEdge, law.UpperEdge);
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = law.Cumulative(middle) < share ? (middle, high) : (low, middle);
        }

        return high;
    }
}
