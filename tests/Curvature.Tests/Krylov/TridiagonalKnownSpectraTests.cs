using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Matrices whose eigenvalues are known.</summary>
public class TridiagonalKnownSpectraTests
{
    [Fact]
    public void A_toeplitz_matrix_has_the_eigenvalues_of_the_discrete_laplacian()
    {
        const int size = 200;
        var system = TridiagonalEigensolver.Solve(
            Enumerable.Repeat(2.0, size).ToArray(),
            Enumerable.Repeat(-1.0, size - 1).ToArray()
        );
        for (var i = 0; i < size; i++)
        {
            Assert.Equal(2 - (2 * Math.Cos((size - i) * Math.PI / (size + 1))), system.Values[i], 1e-13);
        }
    }

    [Fact]
    public void Uncoupled_and_zero_matrices_are_their_own_diagonal()
    {
        Assert.Equal([3, 1, -2], TridiagonalEigensolver.Solve([1, 3, -2], [0, 0]).Values.ToArray());
        Assert.Equal([0, 0, 0], TridiagonalEigensolver.Solve([0, 0, 0], [0, 0]).Values.ToArray());
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Throws<ArgumentException>(() => TridiagonalEigensolver.Solve([], []));
        Assert.Throws<ArgumentException>(() => TridiagonalEigensolver.Solve([1, 2], []));
        Assert.Throws<ArgumentException>(() => TridiagonalEigensolver.Solve([1, double.NaN], [1]));
        Assert.Throws<InvalidOperationException>(() =>
            TridiagonalEigensolver.Solve([1, 2, 3], [1, 1]).Vector(0).ToArray()
        );
    }
}
