using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Hessians with recomputed statistics.</summary>
public sealed class RecomputedHessianTests
{
    [Fact]
    public void The_Hessian_in_recompute_mode_is_that_of_fixed_recomputed_statistics()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var recompute = new Objective(
            model,
            samples,
            Loss.CrossEntropy,
            BatchNormMode.Recompute,
            TinyModels.Samples
        );
        using var eval = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, TinyModels.Samples);
        using var theta = TinyModels.Theta(model, 5);
        using var buffers = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        using var gradient = theta.ZerosLike();
        eval.TrainingGradient(theta, [.. Enumerable.Range(0, TinyModels.Samples)], gradient);
        eval.GetBuffers(buffers);
        double[] old = [0.3, -0.2, 1.5, 0.7];
        buffers.CopyFrom(buffers.ToArray().Zip(old, (u, o) => (u - (0.9 * o)) / 0.1).ToArray());
        eval.SetBuffers(buffers);

        using var first = new Linearization(recompute, theta);
        using var second = new Linearization(eval, theta);
        using var v = TinyModels.Random(first, 1);
        using var w = v.ZerosLike();
        using var expected = v.ZerosLike();
        first.HessianProduct(v, w);
        second.HessianProduct(v, expected);
        Differences.AssertClose(expected.ToArray(), w, 1e-11);
    }
}
