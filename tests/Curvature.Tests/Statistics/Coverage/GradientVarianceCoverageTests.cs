using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>Error bars of gradient variances.</summary>
public sealed class GradientVarianceCoverageTests(ITestOutputHelper output)
{
    [Fact]
    public void Gradient_variances_from_random_batches_lie_within_their_error_bars()
    {
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            using var reference = SmallCase.Open(name, 30);
            var statistics = reference.Statistics;
            var exact = statistics.Gradient();
            Assert.Equal(VarianceForm.PerSample, exact.Form);
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                var options = new GradientOptions
                {
                    Form = VarianceForm.RandomBatches,
                    BatchSize = 5,
                    Seed = seed,
                };
                var measured = statistics.Gradient(options);
                tally.Add("gradient variance", name, exact.Variance.Value, measured.Variance);
            }
        }

        tally.AssertErrorBarsCover(output);
    }
}
