using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>Error bars of a prediction: finite differences of the prediction itself.</summary>
public sealed class MiniBatchPredictionTests
{
    private const long Dimension = 400;

    private static readonly BatchShape Batch = new(32, 500);

    [Theory]
    [InlineData(5, 300)]
    [InlineData(0.1, 300)]
    [InlineData(0.5, 100000)]
    public void Errors_are_what_the_errors_of_curvature_and_variance_do_to_it(double largest, double variance)
    {
        const double Step = 1e-5;
        double Predict(double value, double spread) =>
            MiniBatchTheory.LargestEigenvalue(value, HessianNoise.FromVariance(Dimension, spread), Batch);
        var (byValue, byVariance) = (
            (Predict(largest + Step, variance) - Predict(largest - Step, variance)) / (2 * Step),
            (Predict(largest, variance * (1 + Step)) - Predict(largest, variance * (1 - Step))) / (2 * Step * variance)
        );
        var predicted = MiniBatchPrediction.Of(
            OperatorKind.Hessian,
            Dimension,
            [new(largest, 0.03)],
            new(-1, 0),
            new(variance, 7),
            Batch
        );
        Assert.Equal(Predict(largest, variance), predicted.Eigenvalues[0].Value, 1e-12);
        Assert.Equal(
            Math.Sqrt(Math.Pow(byValue * 0.03, 2) + Math.Pow(byVariance * 7, 2)),
            predicted.Eigenvalues[0].Error,
            1e-6
        );
        Assert.Equal(
            -MiniBatchTheory.LargestEigenvalue(1, HessianNoise.FromVariance(Dimension, variance), Batch),
            predicted.Smallest.Value,
            1e-12
        );
        Assert.Null(predicted.Multiplicative);
    }
}
