using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>What losses and accuracies are.</summary>
public sealed class MeanSquaredErrorTests
{
    [Fact]
    public void Mean_squared_error_is_the_mean_over_samples_and_outputs()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Targets();
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 3);
        using var zero = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        var evaluation = objective.Evaluate(zero);
        Assert.Equal(VectorNumbers.Numbers(23, 30).Average(y => y * y), evaluation.Loss, 1e-14);
        Assert.Null(evaluation.Accuracy);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Differences.AssertGradient(objective, theta, gradient, 1e-8);
    }

    [Fact]
    public void Accuracy_is_the_share_of_largest_outputs_that_are_the_label()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        // Only the last bias is not zero: every sample is called class 2.
        double[] values = new double[model.ParameterCount];
        values[^1] = 1;
        using var theta = Vector.From(values, ElementType.Float64, Device.Cpu);
        Assert.Equal(
            TinyModels.Labels().Count(y => y == 2) / (double)TinyModels.Samples,
            objective.Evaluate(theta).Accuracy!.Value,
            1e-15
        );
    }
}
