using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

[Collection(nameof(CurvatureAnalyzerTests))]
public class StatisticsResourcesTests
{
    [Fact]
    public void Every_statistic_frees_what_it_took_when_it_ends_and_when_it_is_cancelled()
    {
        using var model = new TinyModel();
        using var moments = Vectors.Random(model.ParameterCount, 1);
        moments.Multiply(moments);
        var statistics = new CurvatureStatistics(model.Linearization, TimeProvider.System);
        foreach (var statistic in Statistics(statistics, moments))
        {
            // The first call builds the graphs that the linearization keeps.
            statistic(CancellationToken.None);
            var before = TorchRuntime.LiveObjects;
            statistic(CancellationToken.None);
            Assert.Throws<OperationCanceledException>(() => statistic(new CancellationToken(canceled: true)));
            Assert.Equal(before, TorchRuntime.LiveObjects);
        }
    }

    [Fact]
    public void Cost_is_measured_by_the_clock_that_was_handed_in()
    {
        using var model = new TinyModel();
        var measured = new CurvatureStatistics(model.Linearization, new FrozenClock()).Trace(
            OperatorKind.Hessian,
            new TraceOptions { Probes = 3 }
        );
        Assert.Equal(0, measured.Cost.Seconds);
        Assert.Equal(3, measured.Cost.CurvatureProducts);
        Assert.True(measured.Cost.PeakBytes > 0);
        Assert.Equal((3, 11, "trace"), (measured.Provenance.Probes, measured.Provenance.Samples, measured.Analysis));
    }

    private static IEnumerable<Action<CancellationToken>> Statistics(CurvatureStatistics statistics, Vector vector)
    {
        var random = new VarianceOptions
        {
            Form = VarianceForm.RandomBatches,
            BatchSize = 3,
            Probes = 3,
            Partitions = 2,
        };
        yield return token => statistics.Gradient(cancellationToken: token);
        yield return token => statistics.Trace(OperatorKind.Residual, new TraceOptions { Probes = 3 }, [vector], token);
        yield return token =>
            statistics.Variance(OperatorKind.GaussNewton, new VarianceOptions { Probes = 3 }, [vector], token);
        yield return token => statistics.Variance(OperatorKind.Residual, random, [vector], token);
        yield return token =>
            statistics.BatchSharpness(new BatchSharpnessOptions(2) { Batches = 2 }, cancellationToken: token);
        yield return token => statistics.Track(OperatorKind.Residual, [vector], [vector], token);
        yield return token =>
            statistics.PreconditionedSharpness(vector, new AdamSettings(0.1), 1, cancellationToken: token);
    }

    private sealed class FrozenClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
