using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Statistics;
using Xunit.Abstractions;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>
/// The error bars of variances over samples, and of what theory predicts from them, over some samples of each case. The
/// truth is every column of every sample's matrix.
/// </summary>
public sealed class VarianceCoverageTests(ITestOutputHelper output)
{
    private const int Samples = 12;

    [Theory]
    [InlineData(OperatorKind.Hessian)]
    [InlineData(OperatorKind.GaussNewton)]
    public void Curvature_variances_lie_within_their_error_bars_as_often_as_promised(OperatorKind kind)
    {
        var tally = new CoverageTally();
        foreach (var name in CoverageTally.Cases)
        {
            using var reference = SmallCase.Open(name, Samples);
            using var top = new TopVector(reference.Linearization, kind);
            var statistics = reference.Statistics;
            var exact = statistics.Variance(kind, new VarianceOptions { Probes = int.MaxValue }, [top.Vector]);
            Assert.True(exact.Exact);
            for (var seed = 0; seed < CoverageTally.Seeds; seed++)
            {
                var plain = statistics.Variance(kind, new VarianceOptions { Probes = 8, Seed = seed });
                tally.Add("variance", name, exact.Isotropic!.Value, plain.Isotropic!);
                AddPredictions(tally, name, kind, top, exact.Isotropic!, plain.Isotropic!);
                if (kind != OperatorKind.Hessian)
                {
                    // Deflation knows nothing of the operator, and takes as many products again.
                    continue;
                }

                var deflated = statistics.Variance(kind, new VarianceOptions { Probes = 8, Seed = seed }, [top.Vector]);
                tally.Add("variance, deflated", name, exact.Isotropic!.Value, deflated.Isotropic!);
                Assert.Equal(exact.Directional[0].Value, deflated.Directional[0].Value, deflated.Directional[0].Error);
            }
        }

        tally.AssertErrorBarsCover(output);
    }

    private static void AddPredictions(
        CoverageTally tally,
        string name,
        OperatorKind kind,
        TopVector top,
        Estimate exact,
        Estimate measured
    )
    {
        var known = Predict(exact);
        var predicted = Predict(measured);
        tally.Add("predicted threshold", name, known.Threshold.Value, predicted.Threshold);
        tally.Add("predicted eigenvalue", name, known.Eigenvalues[0].Value, predicted.Eigenvalues[0]);
        tally.Add("predicted overlap", name, known.Overlap.Value, predicted.Overlap);

        // A batch so large that the eigenvalue is seen in it, for every case.
        MiniBatchPrediction Predict(Estimate variance) =>
            MiniBatchPrediction.Of(
                kind,
                top.Vector.Length,
                [top.Value],
                new Estimate(0, 0),
                variance,
                new BatchShape(64)
            );
    }
}
