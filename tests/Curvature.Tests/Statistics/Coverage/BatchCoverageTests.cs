using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>The error bars of means over random batches, against every batch there is.</summary>
public sealed class BatchCoverageTests(ITestOutputHelper output)
{
    private const int Samples = 12;
    private const int Batch = 4;

    [Theory]
    [InlineData(OperatorKind.Hessian)]
    [InlineData(OperatorKind.GaussNewton)]
    public void Batch_sharpness_lies_within_its_error_bars_as_often_as_promised(OperatorKind kind)
    {
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            using var reference = SmallCase.Open(name, Samples);
            var statistics = reference.Statistics;
            var truth = Expectation(reference.Linearization, kind);
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                var measured = statistics.BatchSharpness(
                    new BatchSharpnessOptions(Batch) { Batches = 16, Seed = seed },
                    kind
                );
                tally.Add("batch sharpness", name, truth, measured.Sharpness);
            }
        }

        tally.AssertErrorBarsCover(output);
    }

    private static double Expectation(Linearization at, OperatorKind kind)
    {
        long[] order = [.. SmallCase.Choices(Samples, Batch).SelectMany(batch => batch)];
        var groups = SampleGroups.Cut(order, Batch);
        Assert.Equal(495, groups.Count);
        var quotients = new double[groups.Count];
        at.GroupRayleighQuotients(SampleVariance.Product(kind), groups, quotients);
        return quotients.Average();
    }
}
