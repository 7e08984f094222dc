using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Gradients of chosen samples.</summary>
public sealed class SampleGradientTests
{
    [Fact]
    public void Gradients_of_chosen_samples_average_to_the_whole_and_micro_batches_do_not_matter()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var whole = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 100);
        using var parts = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 3);
        Assert.Equal(TinyModels.Samples, whole.MicroBatch);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        using var other = theta.ZerosLike();
        double loss = whole.Gradient(theta, gradient);
        Assert.Equal(loss, parts.Gradient(theta, other), 1e-14);
        other.Add(gradient, -1);
        Assert.InRange(other.Norm(), 0, 1e-14);

        using var sum = theta.ZerosLike();
        for (long i = 0; i < TinyModels.Samples; i++)
        {
            parts.Gradient(theta, [i], other);
            sum.Add(other, 1.0 / TinyModels.Samples);
        }

        sum.Add(gradient, -1);
        Assert.InRange(sum.Norm(), 0, 1e-14);
        Assert.Throws<DerivativeException>(() => whole.Gradient(theta, [TinyModels.Samples], other));
        Assert.Throws<DerivativeException>(() => whole.Gradient(theta, [], other));
    }
}
