using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Traces of layers.</summary>
public class ExactLayerTraceTests
{
    [Fact]
    public void Trace_layers_of_a_model_equal_the_diagonal_blocks()
    {
        using var model = new TinyModel();
        var h = model.Matrix(OperatorKind.Hessian);
        var measured = model.Statistics.Trace(OperatorKind.Hessian, new TraceOptions { Probes = 100 });
        Assert.True(measured.Exact);
        Assert.Equal(["w1", "b1", "w2", "b2"], measured.Layers.Select(layer => layer.Layer));
        foreach (var (layer, slot) in measured.Layers.Zip(model.Objective.Parameters))
        {
            Assert.Equal(
                Enumerable.Range((int)slot.Offset, (int)slot.Count).Sum(i => h[i, i]),
                layer.Estimate.Value,
                1e-12
            );
            Assert.Equal(slot.Count, layer.Parameters);
        }
    }
}
