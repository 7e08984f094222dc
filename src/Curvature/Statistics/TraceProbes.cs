using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Trace, squares and layer traces of one operator, from unit vectors or from random signs.</summary>
internal sealed class TraceProbes(
    ISymmetricOperator symmetric,
    IReadOnlyList<TensorSlot> layers,
    Basis? basis,
    CancellationToken cancellation
) : IDisposable
{
    private readonly Vector _probe = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
    private readonly Vector _product = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
    private readonly double[] _exactLayers = new double[layers.Count];
    private double _exactTrace;
    private double _exactSquares;
    private double _largestProduct;

    internal StochasticTraceResult Exact()
    {
        var count = (int)symmetric.Dimension;
        var unit = new double[count];
        for (var i = 0; i < count; i++)
        {
            unit[i] = 1;
            _probe.CopyFrom(unit);
            unit[i] = 0;
            AddExact();
        }

        var frobenius = Math.Sqrt(_exactSquares);
        return new StochasticTraceResult(
            new Estimate(_exactTrace, Rounding()),
            new Estimate(frobenius, Rounding()),
            Layers(i => new Estimate(_exactLayers[i], Rounding())),
            count,
            0,
            Exact: true
        );
    }

    internal StochasticTraceResult Random(TraceOptions options)
    {
        for (var j = 0; j < (basis?.Count ?? 0); j++)
        {
            basis!.CopyColumn(j, _probe);
            AddExact();
        }

        var traces = new RunningMoments();
        var squares = new RunningMoments();
        var blocks = new RunningMoments[layers.Count];
        using var variance = new ProbeVariance(_probe, layers, basis);
        for (var probe = 0; probe < options.Probes; probe++)
        {
            ProbeSigns.Fill(_probe, options.Seed, probe);
            variance.Keep(_probe);
            basis?.Orthogonalise(_probe);
            basis?.Orthogonalise(_probe);
            var (trace, square) = Apply();
            variance.Add(_product);
            traces.Add(trace);
            squares.Add(square);
            var dots = LayerSums.Dots(_probe, _product, layers);
            for (var i = 0; i < dots.Length; i++)
            {
                blocks[i].Add(dots[i]);
            }
        }

        var frobenius = Math.Sqrt(_exactSquares + squares.Mean);
        var frobeniusError = SmallSample.ErrorOfRoot(squares, frobenius);
        var blockErrors = variance.Layers(blocks);
        return new StochasticTraceResult(
            new Estimate(_exactTrace + traces.Mean, Math.Max(variance.Trace(traces), Rounding())),
            new Estimate(frobenius, Math.Max(frobeniusError, Rounding())),
            Layers(i => new Estimate(_exactLayers[i] + blocks[i].Mean, Math.Max(blockErrors[i], Rounding()))),
            options.Probes,
            basis?.Count ?? 0,
            Exact: false
        );
    }

    public void Dispose()
    {
        _probe.Dispose();
        _product.Dispose();
    }

    private void AddExact()
    {
        var (trace, square) = Apply();
        _exactTrace += trace;
        _exactSquares += square;
        var dots = LayerSums.Dots(_probe, _product, layers);
        for (var i = 0; i < dots.Length; i++)
        {
            _exactLayers[i] += dots[i];
        }
    }

    private (double Trace, double Square) Apply()
    {
        cancellation.ThrowIfCancellationRequested();
        symmetric.Apply(_probe, _product);
        var (trace, square) = (_probe.Dot(_product), _product.Dot(_product));
        Finite.Require(trace, square, $"a product with the {symmetric.Name}");
        var length = _probe.Dot(_probe);
        if (length > 0)
        {
            _largestProduct = Math.Max(_largestProduct, Math.Sqrt(square / length));
        }

        return (trace, square);
    }

    // The errors of different entries of a product are as good as independent, so they add up as √P does.
    private double Rounding() =>
        Precision.Product(symmetric.ElementType)
        * Math.Max(_largestProduct, symmetric.CancellationScale)
        * Math.Sqrt(symmetric.Dimension);

    private LayerEstimate[] Layers(Func<int, Estimate> estimate) =>
        [.. layers.Select((layer, i) => new LayerEstimate(layer.Name, layer.Count, estimate(i)))];
}
