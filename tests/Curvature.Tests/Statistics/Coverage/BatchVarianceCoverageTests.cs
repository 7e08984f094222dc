using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>Error bars of variances from random batches, which are drawn alike for every operator.</summary>
public sealed class BatchVarianceCoverageTests(ITestOutputHelper output)
{
    [Fact]
    public void Curvature_variances_from_random_batches_lie_within_their_error_bars()
    {
        const OperatorKind kind = OperatorKind.Hessian;
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            using var reference = SmallCase.Open(name, 9);
            using var top = new TopVector(reference.Linearization, kind);
            var statistics = reference.Statistics;
            var exact = statistics.Variance(kind, new VarianceOptions { Probes = int.MaxValue }, [top.Vector]);
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                var options = new VarianceOptions
                {
                    Probes = 8,
                    Form = VarianceForm.RandomBatches,
                    BatchSize = 3,
                    Seed = seed,
                };
                var measured = statistics.Variance(kind, options, [top.Vector]);
                tally.Add("variance", name, exact.Isotropic!.Value, measured.Isotropic!);
                tally.Add("directional variance", name, exact.Directional[0].Value, measured.Directional[0]);
            }
        }

        tally.AssertErrorBarsCover(output);
    }
}
