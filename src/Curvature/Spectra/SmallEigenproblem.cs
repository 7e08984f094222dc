namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// Eigenpairs of a small dense symmetric matrix by Jacobi's rotations: cyclic sweeps until nothing is left off the
/// diagonal.
/// </summary>
/// <remarks>
/// Golub and Van Loan, Matrix Computations, section 8.5. O(C³) a sweep, some ten sweeps; for the Rayleigh-Ritz matrices
/// of a few dozen rows.
/// </remarks>
internal static class SmallEigenproblem
{
    private const int MaximumSweeps = 60;

    /// <summary>Diagonalises a matrix.</summary>
    /// <param name="matrix">[C, C], symmetric; overwritten.</param>
    /// <returns>The eigenvalues, and the unit eigenvectors as columns [C, C], in no order.</returns>
    internal static (double[] Values, double[,] Vectors) Solve(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        var vectors = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            vectors[i, i] = 1;
        }

        for (var sweep = 0; sweep < MaximumSweeps && Sweep(matrix, vectors); sweep++) { }

        var values = new double[size];
        for (var i = 0; i < size; i++)
        {
            values[i] = matrix[i, i];
        }

        return (values, vectors);
    }

    // Returns whether anything was rotated.
    private static bool Sweep(double[,] a, double[,] v)
    {
        var size = a.GetLength(0);
        var rotated = false;
        for (var p = 0; p < size; p++)
        {
            for (var q = p + 1; q < size; q++)
            {
                if (Math.Abs(a[p, q]) <= 1e-17 * (Math.Abs(a[p, p]) + Math.Abs(a[q, q])))
                {
                    a[p, q] = a[q, p] = 0;
                    continue;
                }

                rotated = true;
                var half = (a[q, q] - a[p, p]) / (2 * a[p, q]);
                var tangent = Math.CopySign(1, half) / (Math.Abs(half) + double.Hypot(half, 1));
                var cosine = 1 / double.Hypot(tangent, 1);
                Rotate(a, v, p, q, cosine, tangent * cosine);
            }
        }

        return rotated;
    }

    // a ← JᵀaJ, v ← vJ for the rotation J in the plane (p, q).
    private static void Rotate(double[,] a, double[,] v, int p, int q, double cosine, double sine)
    {
        var size = a.GetLength(0);
        for (var i = 0; i < size; i++)
        {
            (a[i, p], a[i, q]) = ((cosine * a[i, p]) - (sine * a[i, q]), (sine * a[i, p]) + (cosine * a[i, q]));
            (v[i, p], v[i, q]) = ((cosine * v[i, p]) - (sine * v[i, q]), (sine * v[i, p]) + (cosine * v[i, q]));
        }

        for (var i = 0; i < size; i++)
        {
            (a[p, i], a[q, i]) = ((cosine * a[p, i]) - (sine * a[q, i]), (sine * a[p, i]) + (cosine * a[q, i]));
        }

        a[p, q] = a[q, p] = 0;
    }
}
