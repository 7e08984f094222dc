using CurvatureMonitor.Contracts.Analyses;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>Error bars of the spectra of batches.</summary>
public sealed class BatchSpectraCoverageTests(ITestOutputHelper output)
{
    private const int Batch = 3;

    [Fact]
    public void Batch_spectra_lie_within_their_error_bars_as_often_as_promised()
    {
        const int samples = 6;
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            using var reference = SmallCase.Open(name, samples);
            using var top = new TopVector(reference.Linearization, OperatorKind.Hessian);
            var all = SmallCase.Choices(samples, Batch).ToList();
            Assert.Equal(20, all.Count);
            using var known = new BatchCache(name, samples);
            var exact = all.Select(batch => known.Top(batch, top.Vector)).ToList();
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                var drawn = known.Draw(seed, Batch, 8, top.Vector);
                tally.Add(
                    "batch eigenvalue",
                    name,
                    exact.Average(value => value.Eigenvalue),
                    drawn.Eigenvalues[0].Estimate
                );
                tally.Add("batch overlap", name, exact.Average(value => value.Overlap), drawn.Overlap!.Estimate);
            }
        }

        tally.AssertErrorBarsCover(output);
    }
}
