using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

public class TridiagonalEigensolverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(120)]
    public void Eigenvalues_are_those_of_the_dense_matrix(int size)
    {
        var (diagonal, offDiagonal) = TridiagonalMatrices.RandomTridiagonal(size, size);
        var exact = Matrices.Eigenvalues(TridiagonalMatrices.Dense(diagonal, offDiagonal));
        var system = TridiagonalEigensolver.Solve(diagonal, offDiagonal);
        Assert.Equal(size, system.Count);
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(exact[i], system.Values[i], 1e-13 * Matrices.NormOf(exact));
        }
    }
}
