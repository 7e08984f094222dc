using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Statistics and their seeds.</summary>
public class StatisticsSeedTests
{
    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_another_seed_others()
    {
        using var reference = new ReferenceCase("mlp_mse_49_20_3", ElementType.Float64);
        var statistics = reference.Statistics;
        var options = new VarianceOptions
        {
            Probes = 2,
            Form = VarianceForm.RandomBatches,
            BatchSize = 50,
            Seed = 3,
        };
        var first = statistics.Variance(OperatorKind.Hessian, options).Isotropic;
        Assert.Equal(first, statistics.Variance(OperatorKind.Hessian, options).Isotropic);
        Assert.NotEqual(first, statistics.Variance(OperatorKind.Hessian, options with { Seed = 4 }).Isotropic);
        var batch = new BatchSharpnessOptions(32) { Batches = 3, Seed = 3 };
        Assert.Equal(statistics.BatchSharpness(batch).Sharpness, statistics.BatchSharpness(batch).Sharpness);
        Assert.NotEqual(
            statistics.BatchSharpness(batch).Sharpness,
            statistics.BatchSharpness(batch with { Seed = 4 }).Sharpness
        );
    }
}
