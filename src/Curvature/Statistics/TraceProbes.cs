using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// Trace, squares and the traces of layers and modules of one operator, from unit vectors or from random signs.
/// </summary>
internal sealed class TraceProbes(
    ISymmetricOperator symmetric,
    IReadOnlyList<TensorSlot> layers,
    IReadOnlyList<ModuleGroup> modules,
    Basis? basis,
    CancellationToken cancellation
) : IDisposable
{
    private readonly Vector _probe = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
    private readonly Vector _product = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
    private readonly double[] _exactLayers = new double[layers.Count];

    // Every layer by itself, then the modules.
    private readonly IReadOnlyList<IReadOnlyList<int>> _blocks =
    [
        .. Enumerable.Range(0, layers.Count).Select(layer => (IReadOnlyList<int>)[layer]),
        .. modules.Select(module => module.Tensors),
    ];

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
        return Result(
            new Estimate(_exactTrace, Rounding()),
            new Estimate(frobenius, Rounding()),
            [.. _blocks.Select(block => new Estimate(LayerSums.Of(_exactLayers, block), Rounding()))],
            count,
            exact: true
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
        var blocks = new RunningMoments[_blocks.Count];
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
            for (var i = 0; i < blocks.Length; i++)
            {
                blocks[i].Add(LayerSums.Of(dots, _blocks[i]));
            }
        }

        var frobenius = Math.Sqrt(_exactSquares + squares.Mean);
        var frobeniusError = SmallSample.ErrorOfRoot(squares, frobenius);
        var blockErrors = variance.Blocks(blocks, _blocks);
        return Result(
            new Estimate(_exactTrace + traces.Mean, Math.Max(variance.Trace(traces), Rounding())),
            new Estimate(frobenius, Math.Max(frobeniusError, Rounding())),
            [
                .. _blocks.Select(
                    (block, i) =>
                        new Estimate(
                            LayerSums.Of(_exactLayers, block) + blocks[i].Mean,
                            Math.Max(blockErrors[i], Rounding())
                        )
                ),
            ],
            options.Probes,
            exact: false
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

    private StochasticTraceResult Result(
        Estimate trace,
        Estimate frobenius,
        IReadOnlyList<Estimate> blocks,
        int probes,
        bool exact
    ) =>
        new(
            trace,
            frobenius,
            [.. layers.Select((layer, i) => new LayerEstimate(layer.Name, layer.Count, blocks[i]))],
            probes,
            exact ? 0 : basis?.Count ?? 0,
            exact
        )
        {
            Modules = [.. blocks.Skip(layers.Count)],
        };
}
