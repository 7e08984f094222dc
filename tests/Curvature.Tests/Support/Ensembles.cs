using MathNet.Numerics.Distributions;

namespace CurvatureMonitor.Curvature.Tests.Support;

/// <summary>Random matrices with known laws, and large dense ones with known eigenvalues.</summary>
internal static class Ensembles
{
    /// <summary>
    /// G [P, P] of the Gaussian orthogonal ensemble: off-diagonal variance 1/P, diagonal 2/P; the semicircle on [−2,
    /// 2].
    /// </summary>
    internal static double[,] Goe(int size, int seed)
    {
        var random = new Random(seed);
        var scale = 1 / Math.Sqrt(size);
        var matrix = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < i; j++)
            {
                matrix[i, j] = matrix[j, i] = scale * Matrices.Normal(random);
            }

            matrix[i, i] = scale * Math.Sqrt(2) * Matrices.Normal(random);
        }

        return matrix;
    }

    /// <summary>
    /// The tridiagonal form of a GOE matrix (Dumitriu and Edelman 2002): its eigenvalues have exactly the same
    /// distribution, and cost O(P²) to compute.
    /// </summary>
    internal static (double[] Diagonal, double[] OffDiagonal) GoeTridiagonal(int size, int seed)
    {
        var random = new Random(seed);
        var scale = 1 / Math.Sqrt(size);
        return (
            [.. Enumerable.Range(0, size).Select(_ => scale * Math.Sqrt(2) * Matrices.Normal(random))],
            [.. Enumerable.Range(1, size - 1).Select(j => scale * Math.Sqrt(ChiSquared.Sample(random, size - j)))]
        );
    }

    /// <summary>
    /// The tridiagonal form B Bᵀ/T of X Xᵀ/T, X [P, T] standard normal (Dumitriu and Edelman 2002), of size min(P, T):
    /// the non-zero eigenvalues.
    /// </summary>
    internal static (double[] Diagonal, double[] OffDiagonal) WishartTridiagonal(int size, int samples, int seed)
    {
        var random = new Random(seed);
        var (small, large) = (Math.Min(size, samples), Math.Max(size, samples));
        double[] d = [.. Enumerable.Range(0, small).Select(j => ChiSquared.Sample(random, large - j) / samples)];
        double[] e = [.. Enumerable.Range(1, small - 1).Select(j => ChiSquared.Sample(random, small - j) / samples)];
        return (
            [.. Enumerable.Range(0, small).Select(j => d[j] + (j > 0 ? e[j - 1] : 0))],
            [.. Enumerable.Range(0, small - 1).Select(j => Math.Sqrt(d[j] * e[j]))]
        );
    }

    /// <summary>
    /// T in the upper left corner of a dense [size, size] matrix, rotated by a few random reflections so that no entry
    /// stays zero.
    /// </summary>
    internal static double[,] Dense((double[] Diagonal, double[] OffDiagonal) tridiagonal, int size, int seed)
    {
        var matrix = new double[size, size];
        for (var i = 0; i < tridiagonal.Diagonal.Length; i++)
        {
            matrix[i, i] = tridiagonal.Diagonal[i];
            if (i > 0)
            {
                matrix[i, i - 1] = matrix[i - 1, i] = tridiagonal.OffDiagonal[i - 1];
            }
        }

        return Rotate(matrix, 3, seed);
    }

    /// <summary>A ← (I − 2uuᵀ) A (I − 2uuᵀ) for so many random unit vectors u; in place.</summary>
    internal static double[,] Rotate(double[,] matrix, int reflections, int seed)
    {
        var size = matrix.GetLength(0);
        var random = new Random(seed);
        for (var r = 0; r < reflections; r++)
        {
            double[] u = [.. Enumerable.Range(0, size).Select(_ => Matrices.Normal(random))];
            var norm = Math.Sqrt(u.Sum(x => x * x));
            u = Array.ConvertAll(u, x => x / norm);

            // With p = Au − (uᵀAu) u the two-sided reflection is A − 2upᵀ − 2puᵀ.
            double[] p =
            [
                .. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Sum(j => matrix[i, j] * u[j])),
            ];
            var curvature = p.Zip(u, (a, b) => a * b).Sum();
            for (var i = 0; i < size; i++)
            {
                p[i] -= curvature * u[i];
            }

            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    matrix[i, j] -= 2 * ((u[i] * p[j]) + (p[i] * u[j]));
                    matrix[j, i] = matrix[i, j];
                }
            }
        }

        return matrix;
    }
}
