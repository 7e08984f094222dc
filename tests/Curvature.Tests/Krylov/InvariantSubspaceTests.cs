using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Runs that end early because the subspace is invariant.</summary>
public class InvariantSubspaceTests
{
    [Theory]
    [InlineData("low-rank", 6)]
    [InlineData("repeated", 3)]
    public void A_matrix_with_few_distinct_eigenvalues_closes_the_subspace_early(string name, int distinct)
    {
        using var symmetric = Matrices.Operator(Matrices.Named(name));
        using var start = Vectors.StartFor(symmetric, 5);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 30 });
        Assert.True(decomposition.InvariantSubspace);
        Assert.Null(decomposition.Next);
        Assert.Equal(distinct, decomposition.Steps);
        Assert.Equal(distinct, symmetric.Products);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    public void Identity_and_zero_end_after_one_step_with_the_exact_value(int size)
    {
        foreach (var (matrix, expected) in new[] { (Matrices.Identity(size), 1.0), (new double[size, size], 0.0) })
        {
            using var symmetric = Matrices.Operator(matrix);
            using var start = Vectors.StartFor(symmetric, 1);
            using var decomposition = Lanczos.Run(symmetric, start);
            Assert.True(decomposition.InvariantSubspace);
            var pair = Assert.Single(decomposition.RitzPairs);
            Assert.Equal(expected, pair.Value, 1e-15);
            Assert.Equal(0, pair.ResidualBound, 1e-14);
            Assert.Equal(1, Math.Abs(pair.FirstComponent), 1e-15);
        }
    }
}
