namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>Solves small positive definite systems.</summary>
internal static class Cholesky
{
    /// <summary>
    /// x with A x = b. A matrix that is singular to rounding is helped by 1e-14 of its largest entry on the diagonal,
    /// and ten times more until it is not.
    /// </summary>
    /// <param name="matrix">A [n, n], symmetric and positive semidefinite; unchanged.</param>
    /// <param name="right">b [n].</param>
    /// <returns>x; b itself where A is zero or not finite, so that a step along it is one of steepest
    /// descent.</returns>
    internal static double[] Solve(double[,] matrix, double[] right)
    {
        var size = right.Length;
        var largest = Enumerable.Range(0, size).Max(i => matrix[i, i]);
        var factor = new double[size, size];
        var x = (double[])right.Clone();
        for (var jitter = 0.0; !TryFactor(matrix, jitter * largest, factor); jitter = Math.Max(1e-14, 10 * jitter))
        {
            if (!(largest > 0) || jitter > 1)
            {
                return x;
            }
        }

        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
            {
                x[i] -= factor[i, k] * x[k];
            }

            x[i] /= factor[i, i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
            {
                x[i] -= factor[k, i] * x[k];
            }

            x[i] /= factor[i, i];
        }

        return x;
    }

    private static bool TryFactor(double[,] matrix, double jitter, double[,] factor)
    {
        var size = matrix.GetLength(0);
        for (var j = 0; j < size; j++)
        {
            for (var i = j; i < size; i++)
            {
                var sum = matrix[i, j] + (i == j ? jitter : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= factor[i, k] * factor[j, k];
                }

                if (i > j)
                {
                    factor[i, j] = sum / factor[j, j];
                }
                else if (sum > 0)
                {
                    factor[j, j] = Math.Sqrt(sum);
                }
                else
                {
                    return false;
                }
            }
        }

        return true;
    }
}
