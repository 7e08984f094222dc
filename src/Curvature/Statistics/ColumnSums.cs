using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Trace, squares and layer traces of one operator, added up column by column.</summary>
internal sealed class ColumnSums(OperatorKind kind, int layers)
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
