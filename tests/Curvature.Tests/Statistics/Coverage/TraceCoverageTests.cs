using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>
/// The error bars of trace, Frobenius norm and layer traces from eight probes, as the live analysis takes them, against
/// the exact numbers of the cases.
/// </summary>
public sealed class TraceCoverageTests(ITestOutputHelper output)
{
    private const int Probes = 8;

    [Theory]
    [InlineData(OperatorKind.Hessian, 0)]
    [InlineData(OperatorKind.Hessian, 4)]
    [InlineData(OperatorKind.GaussNewton, 0)]
    [InlineData(OperatorKind.GaussNewton, 4)]
    [InlineData(OperatorKind.Residual, 0)]
    public void Traces_and_norm_lie_within_their_error_bars_as_often_as_promised(OperatorKind kind, int deflated)
    {
        var tally = new CoverageTally();

        // The residual of softmax regression is zero.
        foreach (var name in CoverageTally.Cases.Skip(kind == OperatorKind.Residual ? 1 : 0))
        {
            using var reference = new ReferenceCase(name, ElementType.Float64);
            Measure(reference, name, kind, deflated, tally);
        }

        tally.AssertErrorBarsCover(output);
    }

    private static void Measure(
        ReferenceCase reference,
        string name,
        OperatorKind kind,
        int deflated,
        CoverageTally tally
    )
    {
        var statistics = reference.Statistics;
        var vectors = reference.RitzVectors(kind, deflated);
        var layers = Layers(reference, kind);
        for (var seed = 0; seed < CoverageTally.Seeds; seed++)
        {
            var measured = statistics.Trace(kind, new TraceOptions { Probes = Probes, Seed = seed }, vectors);
            Assert.False(measured.Exact);
            Assert.Equal(deflated, measured.Deflated);
            tally.Add("trace", name, reference.Number(kind, "trace")!.Value, measured.Trace);
            tally.Add("frobenius", name, reference.Number(kind, "frobenius")!.Value, measured.Frobenius);
            foreach (var layer in measured.Layers)
            {
                tally.Add("layer trace", $"{name} {layer.Layer}", layers[layer.Layer], layer.Estimate);
            }
        }

        vectors.ForEach(vector => vector.Dispose());
    }

    private static Dictionary<string, double> Layers(ReferenceCase reference, OperatorKind kind)
    {
        var hessian = reference.BlockTraces(OperatorKind.Hessian);
        var gaussNewton = reference.BlockTraces(OperatorKind.GaussNewton);
        return hessian.ToDictionary(
            block => block.Key,
            block =>
                kind switch
                {
                    OperatorKind.Hessian => block.Value,
                    OperatorKind.GaussNewton => gaussNewton[block.Key],
                    _ => block.Value - gaussNewton[block.Key],
                }
        );
    }
}
