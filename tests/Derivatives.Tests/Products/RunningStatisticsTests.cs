using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Running statistics under training and measuring.</summary>
public sealed class RunningStatisticsTests
{
    [Fact]
    public void A_training_gradient_updates_the_running_statistics_as_PyTorch_documents_it()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 10);
        // conv.weight = 0 and conv.bias = 0.8, −0.4 make every value of a channel the same: mean = bias, variance = 0.
        double[] values = new double[model.ParameterCount];
        (values[18], values[19]) = (0.8, -0.4);
        using var theta = Vector.From(values, ElementType.Float64, Device.Cpu);
        using var gradient = theta.ZerosLike();
        using var buffers = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        objective.TrainingGradient(theta, [0, 1, 2], gradient);
        objective.GetBuffers(buffers);
        double[] expected = [(0.9 * 0.3) + (0.1 * 0.8), (0.9 * -0.2) + (0.1 * -0.4), 0.9 * 1.5, 0.9 * 0.7];
        Assert.All(expected.Zip(buffers.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
    }

    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    [InlineData(BatchNormMode.Recompute)]
    public void Measuring_leaves_the_running_statistics_as_they_were(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var before = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        using var after = before.Clone();
        objective.GetBuffers(before);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        objective.Evaluate(theta);
        using (var linearization = new Linearization(objective, theta))
        {
            linearization.HessianProduct(gradient, theta);
            linearization.GaussNewtonProduct(gradient, theta);
        }

        objective.GetBuffers(after);
        Assert.Equal(before.ToArray(), after.ToArray());
    }
}
