using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Graphs that stay between products, as many as the byte budget has room for.</content>
public sealed partial class Linearization
{
    private bool BuildsGraphs => _retainLimit > 0 && RetainedMicroBatches < MicroBatches;

    private bool IsKept(int index) => _retained[index] is not null;

    private void ReleaseGraphs()
    {
        for (int i = 0; i < _retained.Length; i++)
        {
            _retained[i]?.Dispose();
            _retained[i] = null;
        }

        RetainedBytes = 0;
    }

    // The forward graph of a batch; the caller returns it to PutBack.
    private GradientGraph ForwardGraph(int index)
    {
        if (_retained[index] is { } kept)
        {
            return kept;
        }

        long before = MemoryScope.Current?.Net ?? 0;
        var graph = Objective.GraphAt(AtPoint, BatchOf(index).Inputs);
        Keep(index, graph, (MemoryScope.Current?.Net ?? 0) - before);
        return graph;
    }

    private GradientGraph GradientGraphOf(int index)
    {
        if (_retained[index] is { Gradients: not null } kept)
        {
            return kept;
        }

        long before = MemoryScope.Current?.Net ?? 0;
        var graph = BuildGradientGraph(_retained[index], BatchOf(index));
        Keep(index, graph, (MemoryScope.Current?.Net ?? 0) - before);
        return graph;
    }

    private GradientGraph BuildGradientGraph(GradientGraph? begun, Batch part)
    {
        var graph = begun ?? Objective.GraphAt(AtPoint, part.Inputs);
        try
        {
            using var scope = NewDisposeScope();
            Tensor share;
            using (enable_grad())
            {
                share = Objective.LossFunction.Sum(graph.Outputs, part.Targets).Over(SampleCount);
            }

            graph.Differentiate(share, AtPoint.Leaves);
            return graph;
        }
        catch when (begun is null)
        {
            graph.Dispose();
            throw;
        }
    }

    private void Keep(int index, GradientGraph graph, long bytes)
    {
        if (_retainLimit == 0 || RetainedBytes + bytes > _retainLimit)
        {
            _rebuilt = true;
            if (IsKept(index))
            {
                RetainedBytes -= graph.Bytes;
                _retained[index] = null;
            }

            return;
        }

        _retained[index] = graph;
        graph.Bytes += bytes;
        RetainedBytes += bytes;
    }

    private void PutBack(int index, GradientGraph graph)
    {
        if (!ReferenceEquals(_retained[index], graph))
        {
            graph.Dispose();
        }
    }
}
