using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>The same start vector, and the smallest Krylov spaces.</summary>
public class FastLanczosLimitsTests
{
    [Fact]
    public void The_same_start_vector_gives_the_same_density_and_is_left_alone()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 2);
        start.Scale(17);
        var before = start.ToArray();
        var first = FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        var second = FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        Assert.Equal(first.Density.Nodes, second.Density.Nodes);
        Assert.Equal(first.Density.Weights, second.Density.Weights);
        Assert.Equal(before, start.ToArray());
    }

    [Fact]
    public void Zero_and_identity_end_after_one_step()
    {
        foreach (var (matrix, expected) in new[] { (Matrices.Identity(30), 1.0), (new double[30, 30], 0.0) })
        {
            using var symmetric = Matrices.Operator(matrix);
            using var start = Vectors.StartFor(symmetric, 1);
            var fast = FastLanczos.Run(symmetric, start);
            Assert.True(fast.InvariantSubspace);
            Assert.Equal(1, fast.Steps);
            Assert.Equal(expected, Assert.Single(fast.Density.Nodes), 1e-14);
        }
    }
}
