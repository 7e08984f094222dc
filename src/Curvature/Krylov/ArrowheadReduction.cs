namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>Turns the projected matrix of a thick restart back into a tridiagonal one.</summary>
/// <remarks>
/// Thick restart (Wu and Simon 2000, section 3) keeps k Ritz vectors Y and continues from the residual direction v: A Y
/// = Y Θ + v sᵀ, an arrowhead. Any orthogonal U gives A (Y U) = (Y U)(Uᵀ Θ U) + v (Uᵀ s)ᵀ. The U found here, by
/// Householder reflections from the last row upwards, makes Uᵀ Θ U tridiagonal and Uᵀ s = σ e_k: the form that a
/// Lanczos process has of itself, so that nothing after a restart needs to know of it. (That is also why thick and
/// implicit restarts are the same method.)
/// </remarks>
internal static class ArrowheadReduction
{
    /// <summary>Reduces diag(<paramref name="values"/>) bordered by <paramref name="couplings"/>.</summary>
    /// <param name="values">Θ [k].</param>
    /// <param name="couplings">s [k].</param>
    /// <returns>The diagonal [k] and off-diagonal [k] of the tridiagonal form, the last off-diagonal entry being σ ≥ 0,
    /// and U [k, k], row-major.</returns>
    internal static (double[] Diagonal, double[] OffDiagonal, double[] Rotation) Reduce(
        ReadOnlySpan<double> values,
        ReadOnlySpan<double> couplings
    )
    {
        var k = values.Length;
        var matrix = new double[k * k];
        var rotation = new double[k * k];
        for (var i = 0; i < k; i++)
        {
            matrix[(i * k) + i] = values[i];
            rotation[(i * k) + i] = 1;
        }

        var offDiagonal = new double[k];
        var row = couplings.ToArray();
        offDiagonal[k - 1] = Fold(row, matrix, rotation, k);
        for (var i = k - 1; i > 0; i--)
        {
            row = matrix.AsSpan(i * k, i).ToArray();
            offDiagonal[i - 1] = Fold(row, matrix, rotation, k);
        }

        var diagonal = new double[k];
        for (var i = 0; i < k; i++)
        {
            diagonal[i] = matrix[(i * k) + i];
        }

        MakeCouplingsPositive(offDiagonal, rotation, k);
        return (diagonal, offDiagonal, rotation);
    }

    // Reflects the first `row.Length` coordinates so that `row` becomes a multiple of their last unit vector, and
    // returns that multiple.
    private static double Fold(double[] row, double[] matrix, double[] rotation, int k)
    {
        var n = row.Length;
        var largest = 0.0;
        for (var i = 0; i < n - 1; i++)
        {
            largest = Math.Max(largest, Math.Abs(row[i]));
        }

        if (largest == 0)
        {
            return row[n - 1];
        }

        // The reflector I − 2 h hᵀ/hᵀh; scaled first, so that no square vanishes or overflows.
        largest = Math.Max(largest, Math.Abs(row[n - 1]));
        var square = 0.0;
        for (var i = 0; i < n; i++)
        {
            row[i] /= largest;
            square += row[i] * row[i];
        }

        var norm = Math.CopySign(Math.Sqrt(square), row[n - 1]);
        var factor = 1 / (square + (norm * row[n - 1]));
        row[n - 1] += norm;
        ReflectRows(row, factor, matrix, k);
        ReflectColumns(row, factor, matrix, k, n);
        ReflectColumns(row, factor, rotation, k, k);
        return -norm * largest;
    }

    // H M on the first rows. The columns beyond the reflected coordinates are not looked at again, so they are left as
    // they are.
    private static void ReflectRows(double[] h, double factor, double[] matrix, int k)
    {
        var n = h.Length;
        var sums = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                sums[j] += h[i] * matrix[(i * k) + j];
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                matrix[(i * k) + j] -= factor * h[i] * sums[j];
            }
        }
    }

    // M H on the first columns, for the first `rows` rows.
    private static void ReflectColumns(double[] h, double factor, double[] matrix, int k, int rows)
    {
        for (var i = 0; i < rows; i++)
        {
            var sum = 0.0;
            for (var j = 0; j < h.Length; j++)
            {
                sum += matrix[(i * k) + j] * h[j];
            }

            for (var j = 0; j < h.Length; j++)
            {
                matrix[(i * k) + j] -= factor * sum * h[j];
            }
        }
    }

    // β_j is a norm in a Lanczos process; turning vectors around makes it so here.
    private static void MakeCouplingsPositive(double[] offDiagonal, double[] rotation, int k)
    {
        var sign = 1.0;
        for (var j = k - 1; j >= 0; j--)
        {
            sign = offDiagonal[j] < 0 ? -sign : sign;
            offDiagonal[j] = Math.Abs(offDiagonal[j]);
            for (var i = 0; sign < 0 && i < k; i++)
            {
                rotation[(i * k) + j] = -rotation[(i * k) + j];
            }
        }
    }
}
