using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// The Lanczos algorithm as <see cref="Lanczos"/> runs it, stopped by the residual bounds of its outermost Ritz pairs.
/// From an isotropic start vector it gives a density and converged eigenvalues for the price of one.
/// </summary>
public static class ConvergedLanczos
{
    // In the first steps a random vector of a large space sees the bulk alone, and where that is narrow its Ritz values
    // look converged.
    private const int LeastSteps = 8;

    /// <summary>
    /// Runs until the <paramref name="top"/> largest and <paramref name="bottom"/> smallest Ritz pairs have residual
    /// bounds of at most <paramref name="tolerance"/>·max|θ| (or of what rounding in the products leaves, if that is
    /// more), until the steps are done, or until the subspace is invariant, whichever comes first.
    /// </summary>
    /// <param name="symmetric">A.</param>
    /// <param name="start">[P], not zero; unchanged.</param>
    /// <param name="options">Steps at most; the basis has room for so many vectors.</param>
    /// <param name="top">How many of the largest Ritz pairs must converge; 0 or more.</param>
    /// <param name="bottom">How many of the smallest; 0 or more.</param>
    /// <param name="tolerance">Positive.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>The decomposition, which the caller disposes; its residual bounds say whether it got there.</returns>
    /// <exception cref="ArgumentException">The start vector is zero or does not fit the operator.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LanczosDecomposition Run(
        ISymmetricOperator symmetric,
        Vector start,
        LanczosOptions options,
        int top,
        int bottom,
        double tolerance,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfNegative(bottom);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        using var process = new LanczosProcess(
            symmetric,
            start.Clone(),
            options.Steps,
            options.BreakdownTolerance,
            options.DeviceBytes
        );
        var nextCheck = Math.Max(LeastSteps, top + bottom);
        while (process.CanStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
            process.Step();
            progress?.Report(new LanczosProgress(process.Steps, process.Capacity, process.Alpha[^1], process.Beta[^1]));
            if (process.Steps >= nextCheck)
            {
                if (EndsHaveConverged(process, top, bottom, tolerance))
                {
                    break;
                }

                // The tridiagonal problem costs O(m²): looked at ever more rarely, it costs O(m²) in all.
                nextCheck = process.Steps + 1 + (process.Steps / 16);
            }
        }

        return process.Finish();
    }

    private static bool EndsHaveConverged(LanczosProcess process, int top, int bottom, double tolerance)
    {
        var system = TridiagonalEigensolver.Solve(process.Alpha, process.Beta);
        var largest = Math.Max(Math.Abs(system.Values[0]), Math.Abs(system.Values[^1]));
        var bound = Math.Max(tolerance * largest, process.RoundingBound);
        for (var i = 0; i < system.Count; i++)
        {
            var wanted = i < top || i >= system.Count - bottom;
            if (wanted && Math.Abs(process.Beta[^1] * system.Last(i)) > bound)
            {
                return false;
            }
        }

        return true;
    }
}
