using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Distribution functions.</summary>
public class DensityDistributionTests
{
    [Fact]
    public void A_full_run_from_the_uniform_vector_of_a_diagonal_matrix_gives_the_exact_distribution()
    {
        double[] entries = [.. Enumerable.Range(1, 30).Select(i => (double)i * i)];
        using var symmetric = Matrices.Operator(Matrices.Diagonal(entries));
        using var start = Vectors.StartFor(symmetric, 1);
        start.Fill(1);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 30 });
        var density = SpectralDensity.From(decomposition);
        Assert.Equal(entries.Sum(), density.Trace.Value, 1e-8);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(entries[i], density.Nodes[i], 1e-9);
            Assert.Equal(i / 30.0, density.Cumulative(entries[i] - 0.5), 1e-9);
            Assert.Equal((i + 1) / 30.0, density.Cumulative(entries[i] + 0.5), 1e-9);
        }
    }

    [Fact]
    public void The_distribution_function_goes_from_0_to_1_and_includes_its_node()
    {
        var density = SpectralDensity.Create([2, -1, 0.5], [1, 2, 1], 100);
        Assert.Equal([-1, 0.5, 2], density.Nodes);
        Assert.Equal([0.5, 0.25, 0.25], density.Weights);
        Assert.Equal(0, density.Cumulative(-1.5));
        Assert.Equal(0.5, density.Cumulative(-1));
        Assert.Equal(0.75, density.Cumulative(1));
        Assert.Equal(1, density.Cumulative(2));
        Assert.Equal(1, density.Moment(0));
        Assert.Equal(12.5, density.Trace.Value, 1e-12);
    }
}
