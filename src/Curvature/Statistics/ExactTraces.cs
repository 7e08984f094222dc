using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// Traces and Frobenius norms of several operators of a small model, exactly, from one sweep over the unit vectors e_i:
/// tr A = Σ e_iᵀA e_i, ‖A‖²_F = Σ ‖A e_i‖². The columns of H and G are made once, and those of R = H − G from them:
/// half the products of three sweeps.
/// </summary>
public static class ExactTraces
{
    /// <summary>Sweeps.</summary>
    /// <param name="linearization">The objective at θ.</param>
    /// <param name="kinds">Which operators.</param>
    /// <param name="modules">The modules whose blocks' traces are wanted too; null for none.</param>
    /// <param name="cancellationToken">Looked at before every column.</param>
    /// <returns>The results of the operators that were asked for, and the curvature products spent: at most two for
    /// each of the P parameters.</returns>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (IReadOnlyDictionary<OperatorKind, StochasticTraceResult> Results, long Products) Compute(
        Linearization linearization,
        IReadOnlyCollection<OperatorKind> kinds,
        IReadOnlyList<ModuleGroup>? modules = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(kinds);
        var residual = kinds.Contains(OperatorKind.Residual);
        using var sweep = new ColumnSweep(
            linearization,
            residual || kinds.Contains(OperatorKind.Hessian),
            residual || kinds.Contains(OperatorKind.GaussNewton)
        );
        sweep.Run(cancellationToken);
        return (kinds.ToDictionary(kind => kind, kind => sweep.Result(kind, modules ?? [])), sweep.Products);
    }
}
