using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Distances between spectra.</summary>
public class SpectralDistanceTests
{
    [Fact]
    public void The_wasserstein_distance_of_equal_weights_is_the_mean_distance_of_sorted_values() =>
        Prop.ForAll(EqualWeights.Values(17), EqualWeights.Values(17), (a, b) =>
            {
                var expected = a.Order().Zip(b.Order(), (x, y) => Math.Abs(x - y)).Average();
                return Math.Abs(SpectralDistance.Wasserstein(EqualWeights.Equal(a), EqualWeights.Equal(b)) - expected)
                    < 1e-12;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_distances_are_metrics() =>
        Prop.ForAll(EqualWeights.Values(5), EqualWeights.Values(8), EqualWeights.Values(11), (a, b, c) =>
            {
                return Metric(SpectralDistance.Wasserstein) && Metric(SpectralDistance.Kolmogorov);

                bool Metric(Func<SpectralDensity, SpectralDensity, double> distance) =>
                    distance(EqualWeights.Equal(a), EqualWeights.Equal(a)) < 1e-14
                    && Math.Abs(
                        distance(EqualWeights.Equal(a), EqualWeights.Equal(b))
                            - distance(EqualWeights.Equal(b), EqualWeights.Equal(a))
                    ) < 1e-13
                    && distance(EqualWeights.Equal(a), EqualWeights.Equal(c))
                        <= distance(EqualWeights.Equal(a), EqualWeights.Equal(b))
                            + distance(EqualWeights.Equal(b), EqualWeights.Equal(c))
                            + 1e-13;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_wasserstein_distance_moves_with_a_shift_and_is_at_least_the_difference_of_means()
    {
        var density = SpectralDensity.Create([-1, 0, 3], [0.2, 0.5, 0.3], 10);
        var shifted = SpectralDensity.Create([1, 2, 5], [0.2, 0.5, 0.3], 10);
        Assert.Equal(2, SpectralDistance.Wasserstein(density, shifted), 1e-14);
        var split = SpectralDensity.Create([-1, 1], [1, 1], 10);
        Assert.Equal(1, SpectralDistance.Wasserstein(split, SpectralDensity.Create([0], [1], 10)), 1e-14);
        Assert.Equal(0.5, SpectralDistance.Kolmogorov(split, SpectralDensity.Create([0], [1], 10)), 1e-14);
    }
}
