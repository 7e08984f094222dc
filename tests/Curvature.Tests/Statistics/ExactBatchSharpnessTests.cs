using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Batch sharpness over all batches.</summary>
public class ExactBatchSharpnessTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(1)]
    [InlineData(4)]
    public void Batch_sharpness_is_the_mean_curvature_along_the_batches_gradients(int batchSize)
    {
        using var model = new TinyModel();
        var measured = model.Statistics.BatchSharpness(
            new BatchSharpnessOptions(batchSize) { Batches = 300, Seed = 4 }
        );
        var exact = SampleMatrices
            .Subsets(model.SampleCount, batchSize)
            .Average(batch =>
            {
                var g = Vector<double>.Build.Dense(model.Gradient(batch));
                return g.DotProduct(Matrix<double>.Build.DenseOfArray(model.Matrix(OperatorKind.Hessian, batch)) * g)
                    / g.DotProduct(g);
            });
        Assert.Equal(exact, measured.Sharpness.Value, 4 * measured.Sharpness.Error);
        Assert.InRange(measured.Sharpness.Error, 0, 0.1 * Math.Abs(exact));
        Assert.Equal((300 * batchSize + 10) / 11, measured.Cost.CurvatureProducts);
    }
}
