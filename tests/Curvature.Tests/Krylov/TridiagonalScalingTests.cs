using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Entries of very different sizes.</summary>
public class TridiagonalScalingTests
{
    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-17)]
    [InlineData(1e150)]
    public void Eigenvalues_scale_with_the_matrix(double scale)
    {
        var (diagonal, offDiagonal) = TridiagonalMatrices.RandomTridiagonal(20, 3);
        var reference = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
        var scaled = TridiagonalEigensolver.Solve(
            [.. diagonal.Select(x => x * scale)],
            [.. offDiagonal.Select(x => x * scale)]
        );
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(reference.Values[i], scaled.Values[i] / scale, 1e-13);
        }
    }

    [Fact]
    public void A_graded_matrix_is_right_to_rounding_of_its_norm()
    {
        double[] diagonal = [.. Enumerable.Range(0, 15).Select(i => Math.Pow(10, -i))];
        double[] offDiagonal = [.. Enumerable.Range(0, 14).Select(i => 0.3 * Math.Pow(10, -i))];
        foreach (var reverse in new[] { false, true })
        {
            var d = reverse ? diagonal.Reverse().ToArray() : diagonal;
            var e = reverse ? offDiagonal.Reverse().ToArray() : offDiagonal;
            var exact = Matrices.Eigenvalues(TridiagonalMatrices.Dense(d, e));
            var system = TridiagonalEigensolver.Solve(d, e);
            for (var i = 0; i < 15; i++)
            {
                Assert.Equal(exact[i], system.Values[i], 1e-14);
            }
        }
    }
}
