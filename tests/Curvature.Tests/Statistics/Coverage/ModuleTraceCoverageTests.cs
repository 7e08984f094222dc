using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>
/// The error bars of modules' traces from eight probes, as live jobs take them, against the exact blocks of the cases:
/// modules of several tensors, side by side, apart and overlapping.
/// </summary>
public sealed class ModuleTraceCoverageTests(ITestOutputHelper output)
{
    private const int Probes = 8;

    private static readonly (string Case, string[] Modules)[] Models =
    [
        ("softmax_49_10", ["fc"]),
        ("mlp_tanh_49_16_10", ["fc1", "fc2", "*.weight", "*.bias"]),
        ("mlp_mse_49_20_3", ["fc1", "fc2", "*.weight", "*.bias"]),
    ];

    [Theory]
    [InlineData(OperatorKind.Hessian, 0)]
    [InlineData(OperatorKind.GaussNewton, 4)]
    public void Traces_of_modules_lie_within_their_error_bars_as_often_as_promised(OperatorKind kind, int deflated)
    {
        var tally = new CoverageTally();
        foreach (var (name, modules) in Models)
        {
            Measure(name, modules, kind, deflated, tally);
        }

        tally.AssertErrorBarsCover(output);
    }

    private static void Measure(string name, string[] modules, OperatorKind kind, int deflated, CoverageTally tally)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var vectors = reference.RitzVectors(kind, deflated);
        var blocks = reference.BlockTraces(kind);
        var names = reference.Objective.Parameters;
        var groups = ModuleSelection.Of(modules, names).Groups;
        var statistics = new TraceStatistics(reference.Linearization, TimeProvider.System);
        for (var seed = 0; seed < CoverageTally.Seeds; seed++)
        {
            var options = new TraceOptions { Probes = Probes, Seed = seed };
            var (result, _) = statistics.Estimate(kind, options, vectors, groups, default);
            Assert.Equal((false, deflated), (result.Exact, result.Deflated));
            foreach (var (group, trace) in groups.Zip(result.Modules))
            {
                var truth = group.Tensors.Sum(tensor => blocks[names[tensor].Name]);
                tally.Add("module trace", $"{name} {group.Name}", truth, trace);
            }
        }

        vectors.ForEach(vector => vector.Dispose());
    }
}
