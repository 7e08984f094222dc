using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

[Collection(nameof(Alone))]
public class StatisticsResourcesTests
{
    [Fact]
    public void Every_statistic_frees_what_it_took_when_it_ends_and_when_it_is_cancelled()
    {
        using var model = new TinyModel();
        using var moments = Vectors.Random(model.ParameterCount, 1);
        moments.Multiply(moments);
        var statistics = model.Statistics;
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

    private static IEnumerable<Action<CancellationToken>> Statistics(CurvatureStatistics statistics, Vector vector)
    {
        var form = VarianceForm.RandomBatches;
        var random = new VarianceOptions { Form = form, BatchSize = 3, Probes = 3, Partitions = 2 };
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
}
