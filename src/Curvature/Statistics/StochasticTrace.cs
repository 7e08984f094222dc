using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// Trace, Frobenius norm and the traces of diagonal blocks from the same products (Hutchinson 1990). With Π = I − QQᵀ,
/// Q the deflated directions and z a Rademacher vector, w = Πz has E[w wᵀ] = Π, so that tr A = Σ qᵀAq + E[wᵀA w],
/// ‖A‖²_F = Σ ‖Aq‖² + E‖A w‖², and for the block of layer l, tr A_ll = Σ q_lᵀ(Aq)_l + E[w_lᵀ(A w)_l]. A module's block
/// is that of several layers: its values are sums of theirs.
/// </summary>
/// <remarks>
/// Deflation never biases: Q may be any vectors that were found without the probes. It pays where they are close to the
/// eigenvectors of the largest |λ|, which carry most of the spread (Gambhir, Stathopoulos, Orginos 2017); the last
/// checkpoint's Ritz vectors are. The probes are draws of their own (<see cref="ProbeSigns"/>). Standard errors of
/// trace and layers are those of <see cref="ProbeVariance"/>, that of the norm is the spread of ‖A w‖² over the probes
/// (<see cref="SmallSample"/>).
/// </remarks>
public static class StochasticTrace
{
    /// <summary>Estimates.</summary>
    /// <param name="symmetric">A.</param>
    /// <param name="options">How many probes, and their seed.</param>
    /// <param name="deflation">Vectors [P] to take out; made orthonormal here. Null or empty takes out none.</param>
    /// <param name="layers">The diagonal blocks whose traces are wanted; null for none.</param>
    /// <param name="modules">Modules of these layers whose blocks' traces are wanted too; null for none.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">Fewer than two probes, or a vector does not fit.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static StochasticTraceResult Estimate(
        ISymmetricOperator symmetric,
        TraceOptions? options = null,
        IReadOnlyList<Vector>? deflation = null,
        IReadOnlyList<TensorSlot>? layers = null,
        IReadOnlyList<ModuleGroup>? modules = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        options ??= new TraceOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Probes, 2);
        var exact = options.Probes >= symmetric.Dimension;
        using var basis = exact
            ? null
            : OrthonormalBasis.Of(deflation ?? [], symmetric.Dimension, symmetric.ElementType, symmetric.Device);
        using var probes = new TraceProbes(symmetric, layers ?? [], modules ?? [], basis, cancellationToken);
        return exact ? probes.Exact() : probes.Random(options);
    }
}
