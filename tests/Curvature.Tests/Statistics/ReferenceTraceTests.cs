using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Traces of the reference cases.</summary>
public class ReferenceTraceTests
{
    public static TheoryData<string, OperatorKind> EveryOperator()
    {
        var data = new TheoryData<string, OperatorKind>();
        foreach (var name in ReferenceCase.Names)
        {
            foreach (var kind in OperatorNames.All)
            {
                data.Add(name, kind);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryOperator))]
    public void Trace_norm_and_layer_traces_agree_within_three_standard_errors(string name, OperatorKind kind)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var measured = reference.Statistics.Trace(kind, new TraceOptions { Probes = 48, Seed = 1 });
        StatisticalAssert.WithinThreeErrors(reference.Number(kind, "trace")!.Value, measured.Trace);
        StatisticalAssert.WithinThreeErrors(reference.Number(kind, "frobenius")!.Value, measured.Frobenius);
        if (kind != OperatorKind.Residual)
        {
            var blocks = reference.BlockTraces(kind);
            Assert.Equal(blocks.Count, measured.Layers.Count);
            Assert.All(measured.Layers, layer =>
                Assert.InRange(Math.Abs(blocks[layer.Layer] - layer.Estimate.Value), 0, 4 * layer.Estimate.Error)
            );
        }

        Assert.Equal(48 * (kind == OperatorKind.Residual ? 2 : 1), measured.Cost.CurvatureProducts);
    }
}
