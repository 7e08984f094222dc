using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Traces of the reference cases with ten Ritz vectors taken out.</summary>
public class ReferenceDeflationTests
{
    public static TheoryData<string> EveryCase() => [.. ReferenceCase.Names];

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Deflation_by_ten_ritz_vectors_makes_every_error_at_least_three_times_smaller(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        using var top = TopEigenvectors.TopTen(reference);
        var options = new TraceOptions { Probes = 48, Seed = 2 };
        var plain = reference.Statistics.Trace(OperatorKind.Hessian, options);
        var deflated = reference.Statistics.Trace(OperatorKind.Hessian, options, top.TopVectors);
        StatisticalAssert.WithinThreeErrors(reference.Number(OperatorKind.Hessian, "trace")!.Value, deflated.Trace);
        StatisticalAssert.WithinThreeErrors(
            reference.Number(OperatorKind.Hessian, "frobenius")!.Value,
            deflated.Frobenius
        );
        Assert.InRange(deflated.Trace.Error, 0, plain.Trace.Error / 3);
        Assert.InRange(deflated.Frobenius.Error, 0, plain.Frobenius.Error / 3);
        Assert.Equal(10, deflated.Deflated);
        Assert.Equal(58, deflated.Cost.CurvatureProducts);
        var blocks = reference.BlockTraces(OperatorKind.Hessian);
        Assert.All(deflated.Layers, layer =>
            Assert.InRange(Math.Abs(blocks[layer.Layer] - layer.Estimate.Value), 0, 4 * layer.Estimate.Error)
        );
    }
}
