using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Tridiagonal matrices to solve.</summary>
internal static class TridiagonalMatrices
{
    public static (double[] Diagonal, double[] OffDiagonal) RandomTridiagonal(int size, int seed)
    {
        var random = new Random(seed);
        return (
            [.. Enumerable.Range(0, size).Select(_ => Matrices.Normal(random))],
            [.. Enumerable.Range(0, size - 1).Select(_ => Matrices.Normal(random))]
        );
    }

    public static double[,] Dense(double[] diagonal, double[] offDiagonal)
    {
        var matrix = Matrices.Diagonal(diagonal);
        for (var i = 0; i < diagonal.Length - 1; i++)
        {
            matrix[i, i + 1] = matrix[i + 1, i] = offDiagonal[i];
        }

        return matrix;
    }
}
