using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>The Lanczos algorithm with full reorthogonalisation.</summary>
/// <remarks>
/// Deep Curvature Suite, algorithm 1: w = A v_j − β_{j−1} v_{j−1}; α_j = wᵀv_j; w ← w − α_j v_j; w is orthogonalised
/// twice against the whole basis, each time by two matrix-vector products; β_j = ‖w‖; v_{j+1} = w/β_j. T = tridiag(β,
/// α, β) is float64 whatever the type of the vectors. Memory: the basis of m·P numbers and three vectors. Cost a step
/// beyond the product: 8·j·P operations for the reorthogonalisation.
/// </remarks>
public static class Lanczos
{
    /// <summary>
    /// Runs from <paramref name="start"/> until the steps are done or the subspace is invariant, whichever comes first.
    /// </summary>
    /// <param name="symmetric">A.</param>
    /// <param name="start">[P], not zero; unchanged, its length does not matter. For a spectral density take
    /// <see cref="IsotropicStart"/>.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>The decomposition, which the caller disposes.</returns>
    /// <exception cref="ArgumentException">The start vector is zero or does not fit the operator.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LanczosDecomposition Run(
        ISymmetricOperator symmetric,
        Vector start,
        LanczosOptions? options = null,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new LanczosOptions();
        ArgumentNullException.ThrowIfNull(symmetric);
        ArgumentNullException.ThrowIfNull(start);
        using var process = new LanczosProcess(
            symmetric,
            start.Clone(),
            options.Steps,
            options.BreakdownTolerance,
            options.DeviceBytes
        );
        while (process.CanStep)
        {
            cancellationToken.ThrowIfCancellationRequested();
            process.Step();
            progress?.Report(new LanczosProgress(process.Steps, process.Capacity, process.Alpha[^1], process.Beta[^1]));
        }

        return process.Finish();
    }
}
