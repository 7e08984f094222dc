using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Variances between batches that batch norm normalises.</summary>
public class TrainModeVarianceTests
{
    [Fact]
    public void In_train_mode_the_fixed_batches_are_compared_each_normalised_by_itself()
    {
        using var model = new TinyModel(batchNorm: true, BatchNormMode.Train, samples: 12, microBatch: 4);
        int[][] batches =
        [
            [0, 1, 2, 3],
            [4, 5, 6, 7],
            [8, 9, 10, 11],
        ];
        var whole = Matrix<double>.Build.DenseOfArray(model.Matrix(OperatorKind.Hessian));
        var between = batches.Average(b =>
            Math.Pow(
                (Matrix<double>.Build.DenseOfArray(model.Matrix(OperatorKind.Hessian, b)) - whole).FrobeniusNorm(),
                2
            )
        );
        var measured = model.Statistics.Variance(OperatorKind.Hessian, new VarianceOptions { Probes = 1000 });
        Assert.Equal(VarianceForm.FixedBatches, measured.Form);
        Assert.False(measured.Exact);

        // b (N − 1)/(N − b), the finite-population factor of groups of equal size.
        Assert.Equal(between * 4 * 11 / 8, measured.Isotropic!.Value, 1e-10 * between);
        Assert.True(measured.Isotropic.Error > 0.01 * measured.Isotropic.Value);

        var mean =
            Vector<double>.Build.Dense(
                batches.Select(model.Gradient).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)])
            ) / 3;
        var spread = batches.Average(b => Math.Pow((Vector<double>.Build.Dense(model.Gradient(b)) - mean).L2Norm(), 2));
        Assert.Equal(spread * 4 * 11 / 8, model.Statistics.Gradient().Variance.Value, 1e-10);
    }
}
