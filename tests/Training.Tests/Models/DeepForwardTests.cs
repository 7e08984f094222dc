using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Forward passes and gradients of deep networks.</summary>
public sealed class DeepForwardTests
{
    [Theory]
    [InlineData("vgg11-bn", 32)]
    [InlineData("vgg16-bn", 32)]
    [InlineData("resnet18", 16)]
    [InlineData("preresnet110", 16)]
    [InlineData("wideresnet28-10", 8)]
    public void Forward_pass_and_gradient_are_finite_and_reach_every_tensor(string name, int size)
    {
        using var model = BuiltInModels
            .Create($"{name}:input=3,{size},{size};classes=4")
            .Instantiate(ElementType.Float32, Device.Cpu, 3);
        float[] images =
        [
            .. Enumerable.Range(0, 6 * size * size).Select(i => MathF.Sin(0.37f * i) + (0.5f * MathF.Cos(1.3f * i))),
        ];
        using var samples = Samples.Classification(
            images,
            [2, 3, size, size],
            [0L, 3L],
            ElementType.Float32,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 2);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float32, Device.Cpu);
        model.GetParameters(theta);
        using var gradient = theta.ZerosLike();
        double loss = objective.Gradient(theta, gradient);
        Assert.InRange(loss, 0.2, 10);
        Assert.True(gradient.IsFinite());
        float[] values = new float[gradient.Length];
        gradient.CopyTo(values);
        Assert.All(model.Parameters.Where(slot => slot.Name.EndsWith("weight", StringComparison.Ordinal)), slot =>
            Assert.Contains(Slice(values, slot), value => value != 0)
        );
    }

    private static float[] Slice(float[] values, TensorSlot slot) =>
        values[(int)slot.Offset..(int)(slot.Offset + slot.Count)];
}
