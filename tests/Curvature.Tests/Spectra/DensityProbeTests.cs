using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Moments over many probes.</summary>
public class DensityProbeTests
{
    [Fact]
    public void The_mean_over_many_probes_is_the_exact_moment_and_one_probe_strays_as_far_as_predicted()
    {
        var matrix = Matrices.Named("random", size: 60);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix);
        const int probes = 400;
        var densities = Enumerable
            .Range(0, probes)
            .Select(seed => MeasuredDensity.Of(symmetric, IsotropicStart.ProbeSeed(11, seed), 8))
            .ToArray();
        for (var k = 1; k <= 6; k++)
        {
            var order = k;
            var values = densities.Select(density => density.Moment(order)).ToArray();
            var mean = exact.Average(value => Math.Pow(value, order));
            var variance = 2.0 / 62 * (exact.Average(value => Math.Pow(value, 2 * order)) - (mean * mean));
            Assert.Equal(mean, values.Average(), 4 * Math.Sqrt(variance / probes));
            Assert.InRange(values.Average(value => Math.Pow(value - mean, 2)) / variance, 0.7, 1.4);
        }

        var average = SpectralDensity.Average(densities);
        Assert.Equal(probes, average.Probes);
        Assert.Equal(densities.Average(density => density.Moment(3)), average.Moment(3), 1e-10);
        Assert.InRange(Math.Abs(average.Trace.Value - exact.Sum()), 0, 4 * average.Trace.Error);
        Assert.InRange(
            densities.Count(density => Math.Abs(density.Trace.Value - exact.Sum()) <= density.Trace.Error),
            230,
            310
        );
    }
}
