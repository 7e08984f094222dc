using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>When subspace iteration converges.</summary>
public class SubspaceConvergenceTests
{
    [Theory]
    [InlineData("low-rank")]
    [InlineData("spiked")]
    public void Subspace_iteration_converges_to_the_largest_magnitudes_where_there_is_a_gap(string name)
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix).OrderByDescending(Math.Abs).ToArray();
        var rank = name == "spiked" ? 1 : 5;
        using var symmetric = Matrices.Operator(matrix);
        using var result = SubspaceIteration.Run(
            symmetric,
            new SubspaceIterationOptions { Rank = rank, Tolerance = 1e-10 }
        );
        Assert.True(result.Converged);
        for (var c = 0; c < rank; c++)
        {
            Assert.Equal(exact[c], result.Values[c].Value, 1e-8);
        }
    }

    [Fact]
    public void An_operator_that_is_not_finite_is_a_typed_failure()
    {
        var broken = new FunctionOperator(10, (_, result) => result.Fill(double.NaN));
        Assert.Throws<NonFiniteException>(() => SubspaceIteration.Run(broken));
    }
}
