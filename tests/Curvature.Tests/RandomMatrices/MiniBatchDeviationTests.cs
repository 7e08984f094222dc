using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>Predictions beside measurements, and without noise.</summary>
public sealed class MiniBatchDeviationTests
{
    private const long Dimension = 400;

    private static readonly BatchShape Batch = new(32, 500);

    [Fact]
    public void A_deviation_is_counted_in_standard_errors_of_the_difference()
    {
        Assert.Equal(2, MiniBatchPrediction.Deviation(new Estimate(11, 3), new Estimate(1, 4))!.Value, 1e-12);
        Assert.Null(MiniBatchPrediction.Deviation(new Estimate(11, 0), new Estimate(1, 0)));
    }

    [Fact]
    public void Without_noise_a_batch_is_the_whole_set()
    {
        var predicted = MiniBatchPrediction.Of(
            OperatorKind.GaussNewton,
            Dimension,
            [new(3, 0.1), new(2, 0.2)],
            new(-1, 0.3),
            new(0, 0),
            Batch
        );
        Assert.Equal([new(3, 0.1), new(2, 0.2)], predicted.Eigenvalues);
        Assert.Equal(new Estimate(-1, 0.3), predicted.Smallest);
        Assert.Equal(new Estimate(1, 0), predicted.Overlap);
    }
}
