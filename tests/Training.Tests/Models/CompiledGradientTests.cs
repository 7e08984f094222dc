using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Gradients of compiled models.</summary>
public sealed class CompiledGradientTests
{
    [Theory]
    [InlineData("softmax", BatchNormMode.Eval)]
    [InlineData("mlp:hidden=20,10;activation=tanh", BatchNormMode.Eval)]
    [InlineData("mlp:hidden=20,10", BatchNormMode.Eval)]
    [InlineData("lenet", BatchNormMode.Eval)]
    [InlineData("cnn-bn", BatchNormMode.Eval)]
    [InlineData("cnn-bn", BatchNormMode.Train)]
    public void The_gradient_agrees_with_central_differences_in_every_tensor(string text, BatchNormMode mode)
    {
        const double Step = 1e-6;
        using var model = BuiltInModels.Create(text).Instantiate(ElementType.Float64, Device.Cpu, 7);
        using var samples = new SyntheticData(6, [1, 28, 28], 10, 8).Samples(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 6);
        using var parameters = Parameters(model);
        using var gradient = parameters.ZerosLike();
        using var direction = parameters.ZerosLike();
        using var moved = parameters.Clone();
        objective.Gradient(parameters, gradient);
        var scale = gradient.Norm();
        foreach (var slot in model.Parameters)
        {
            // A random direction that moves this tensor alone.
            direction.FillNormal(slot.Offset + 1);
            var entries = direction.ToArray();
            entries.AsSpan(0, (int)slot.Offset).Clear();
            entries.AsSpan((int)(slot.Offset + slot.Count)).Clear();
            direction.CopyFrom(entries);
            direction.Scale(1 / direction.Norm());
            var expected = (LossAt(Step) - LossAt(-Step)) / (2 * Step);
            Assert.Equal(expected, gradient.Dot(direction), 1e-7 * Math.Max(1, scale));
        }

        double LossAt(double distance)
        {
            moved.CopyFrom(parameters);
            moved.Add(direction, distance);
            return objective.Evaluate(moved).Loss;
        }
    }

    private static Vector Parameters(ScriptModel model)
    {
        var parameters = Vector.Zeros(model.ParameterCount, model.ElementType, Device.Cpu);
        model.GetParameters(parameters);
        return parameters;
    }
}
