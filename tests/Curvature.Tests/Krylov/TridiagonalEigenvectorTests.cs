using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Eigenvectors of tridiagonal matrices.</summary>
public class TridiagonalEigenvectorTests
{
    [Fact]
    public void Eigenvectors_diagonalise_the_matrix_and_are_orthonormal()
    {
        const int size = 60;
        var (diagonal, offDiagonal) = TridiagonalMatrices.RandomTridiagonal(size, 5);
        var system = TridiagonalEigensolver.Solve(diagonal, offDiagonal, vectors: true);
        for (var i = 0; i < size; i++)
        {
            var s = system.Vector(i).ToArray();
            for (var row = 0; row < size; row++)
            {
                var product = diagonal[row] * s[row];
                product += row > 0 ? offDiagonal[row - 1] * s[row - 1] : 0;
                product += row < size - 1 ? offDiagonal[row] * s[row + 1] : 0;
                Assert.Equal(system.Values[i] * s[row], product, 1e-13);
            }

            for (var j = 0; j <= i; j++)
            {
                var dot = s.Zip(system.Vector(j).ToArray(), (a, b) => a * b).Sum();
                Assert.Equal(i == j ? 1 : 0, dot, 1e-13);
            }
        }
    }
}
