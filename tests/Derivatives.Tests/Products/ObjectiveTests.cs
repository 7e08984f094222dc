using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

public sealed class ObjectiveTests
{
    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    [InlineData(BatchNormMode.Recompute)]
    public void The_gradient_agrees_with_differences_of_the_loss(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        double loss = objective.Gradient(theta, gradient);
        Assert.Equal(objective.Evaluate(theta).Loss, loss, 1e-14);
        if (mode == BatchNormMode.Recompute)
        {
            // The statistics follow θ but are not differentiated through, so differences of the loss are no reference
            // here.
            return;
        }

        Differences.AssertGradient(objective, theta, gradient, 1e-8);
    }
}
