using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;

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
    /// <param name="cancellationToken">Looked at before every column.</param>
    /// <returns>The results of the operators that were asked for, and the curvature products spent: at most two for
    /// each of the P parameters.</returns>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static (IReadOnlyDictionary<OperatorKind, StochasticTraceResult> Results, long Products) Compute(
        Linearization linearization,
        IReadOnlyCollection<OperatorKind> kinds,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(kinds);
        var residual = kinds.Contains(OperatorKind.Residual);
        using var sweep = new Sweep(
            linearization,
            residual || kinds.Contains(OperatorKind.Hessian),
            residual || kinds.Contains(OperatorKind.GaussNewton)
        );
        sweep.Run(cancellationToken);
        return (kinds.ToDictionary(kind => kind, sweep.Result), sweep.Products);
    }

    private sealed class Sums(OperatorKind kind, int layers)
    {
        private readonly double[] _layers = new double[layers];
        private double _trace;
        private double _squares;

        internal double LargestColumn { get; private set; }

        internal double Squares => _squares;

        internal double Trace => _trace;

        internal double[] Layers => _layers;

        internal void Add(Vector unit, Vector column, IReadOnlyList<TensorSlot> slots)
        {
            var (trace, square) = (unit.Dot(column), column.Dot(column));
            Finite.Require(trace, square, $"a product with the {kind.Label()}");
            _trace += trace;
            _squares += square;
            LargestColumn = Math.Max(LargestColumn, Math.Sqrt(square));
            var dots = LayerSums.Dots(unit, column, slots);
            for (var i = 0; i < dots.Length; i++)
            {
                _layers[i] += dots[i];
            }
        }
    }

    private sealed class Sweep(Linearization at, bool hessian, bool gaussNewton) : IDisposable
    {
        private readonly IReadOnlyList<TensorSlot> _slots = at.Objective.Parameters;
        private readonly Vector _unit = Vector.Zeros(at.ParameterCount, at.ElementType, at.Device);
        private readonly Vector _hessianColumn = Vector.Zeros(at.ParameterCount, at.ElementType, at.Device);
        private readonly Vector _gaussNewtonColumn = Vector.Zeros(at.ParameterCount, at.ElementType, at.Device);
        private readonly Dictionary<OperatorKind, Sums> _sums = OperatorNames.All.ToDictionary(
            kind => kind,
            kind => new Sums(kind, at.Objective.Parameters.Count)
        );

        internal long Products { get; private set; }

        internal void Run(CancellationToken cancellation)
        {
            var unit = new double[at.ParameterCount];
            for (var i = 0; i < unit.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                unit[i] = 1;
                _unit.CopyFrom(unit);
                unit[i] = 0;
                if (hessian)
                {
                    at.HessianProduct(_unit, _hessianColumn);
                    Add(OperatorKind.Hessian, _hessianColumn);
                    Products++;
                }

                if (gaussNewton)
                {
                    at.GaussNewtonProduct(_unit, _gaussNewtonColumn);
                    Add(OperatorKind.GaussNewton, _gaussNewtonColumn);
                    Products++;
                }

                if (hessian && gaussNewton)
                {
                    _hessianColumn.Add(_gaussNewtonColumn, -1);
                    Add(OperatorKind.Residual, _hessianColumn);
                }
            }
        }

        // Rounding as in StochasticTrace: entries err as good as independently; what cancels in H − G errs as G does.
        internal StochasticTraceResult Result(OperatorKind kind)
        {
            var sums = _sums[kind];
            var scale =
                kind == OperatorKind.Residual
                    ? Math.Max(sums.LargestColumn, _sums[OperatorKind.GaussNewton].LargestColumn)
                    : sums.LargestColumn;
            var rounding = Precision.Product(at.ElementType) * scale * Math.Sqrt(at.ParameterCount);
            return new StochasticTraceResult(
                new Estimate(sums.Trace, rounding),
                new Estimate(Math.Sqrt(sums.Squares), rounding),
                [
                    .. _slots.Select(
                        (slot, i) => new LayerEstimate(slot.Name, slot.Count, new Estimate(sums.Layers[i], rounding))
                    ),
                ],
                (int)at.ParameterCount,
                0,
                Exact: true
            );
        }

        public void Dispose()
        {
            _unit.Dispose();
            _hessianColumn.Dispose();
            _gaussNewtonColumn.Dispose();
        }

        private void Add(OperatorKind kind, Vector column) => _sums[kind].Add(_unit, column, _slots);
    }
}
