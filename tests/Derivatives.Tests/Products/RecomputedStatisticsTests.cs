using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Statistics that are recomputed over the whole set.</summary>
public sealed class RecomputedStatisticsTests
{
    [Fact]
    public void Recomputed_statistics_are_those_of_the_whole_set()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var theta = TinyModels.Theta(model, 5);
        using var recompute = new Objective(
            model,
            samples,
            Loss.CrossEntropy,
            BatchNormMode.Recompute,
            TinyModels.Samples
        );
        using var eval = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, TinyModels.Samples);

        // One training pass over the whole set has the batch's statistics with weight 0.1: solve for them.
        using var gradient = theta.ZerosLike();
        using var buffers = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        eval.TrainingGradient(theta, [.. Enumerable.Range(0, TinyModels.Samples)], gradient);
        eval.GetBuffers(buffers);
        double[] updated = buffers.ToArray(),
            old = [0.3, -0.2, 1.5, 0.7];
        double[] statistics = [.. updated.Zip(old, (u, o) => (u - (0.9 * o)) / 0.1)];
        buffers.CopyFrom(statistics);
        eval.SetBuffers(buffers);
        Assert.Equal(eval.Evaluate(theta).Loss, recompute.Evaluate(theta).Loss, 1e-12);
    }
}
