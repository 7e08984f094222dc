using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Goes through all columns of the operators once and adds up what their traces are made of.</summary>
internal sealed class ColumnSweep(Linearization at, bool hessian, bool gaussNewton) : IDisposable
{
    private readonly IReadOnlyList<TensorSlot> _slots = at.Objective.Parameters;
    private readonly Vector _unit = at.Zeros();
    private readonly Vector _hessianColumn = at.Zeros();
    private readonly Vector _gaussNewtonColumn = at.Zeros();
    private readonly Dictionary<OperatorKind, ColumnSums> _sums = OperatorNames.All.ToDictionary(
        kind => kind,
        kind => new ColumnSums(kind, at.Objective.Parameters.Count)
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
    internal StochasticTraceResult Result(OperatorKind kind, IReadOnlyList<ModuleGroup> modules)
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
        )
        {
            Modules =
            [
                .. modules.Select(module => new Estimate(LayerSums.Of(sums.Layers, module.Tensors), rounding)),
            ],
        };
    }

    public void Dispose()
    {
        _unit.Dispose();
        _hessianColumn.Dispose();
        _gaussNewtonColumn.Dispose();
    }

    private void Add(OperatorKind kind, Vector column) => _sums[kind].Add(_unit, column, _slots);
}
