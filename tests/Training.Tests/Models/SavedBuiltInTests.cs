using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Every built-in model, saved, is read again and analysed, by libtorch too.</summary>
public sealed class SavedBuiltInTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");

    public static TheoryData<string> Names => [.. BuiltInModels.Names];

    public void Dispose() => File.Delete(_path);

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_of_a_saved_model_are_those_of_the_model(string name)
    {
        var definition = BuiltInModels.Create(name);
        using var model = definition.Instantiate(ElementType.Float32, Device.Cpu, seed: 1);
        model.Save(_path);
        using (var module = TorchSharp.torch.jit.load(_path))
        {
            Assert.NotEmpty(module.parameters());
        }

        using var loaded = ScriptModel.Load(_path, ElementType.Float32, Device.Cpu);
        long[] shape = [2, .. definition.InputShape];
        float[] inputs =
        [
            .. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => MathF.Sin(0.37f * i)),
        ];
        using var samples = Samples.Classification(inputs, shape, [1L, 3L], ElementType.Float32, Device.Cpu);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float32, Device.Cpu);
        model.GetParameters(theta);
        using var expected = theta.ZerosLike();
        using var found = theta.ZerosLike();
        using var first = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 2);
        using var second = new Objective(loaded, samples, Loss.CrossEntropy, BatchNormMode.Train, 2);
        Assert.Null(loaded.FallBackReason);
        Assert.Equal(first.Gradient(theta, expected), second.Gradient(theta, found), 1e-4);
        double length = expected.Norm();
        found.Add(expected, -1);
        Assert.InRange(found.Norm(), 0, 1e-3 * length);
    }
}
