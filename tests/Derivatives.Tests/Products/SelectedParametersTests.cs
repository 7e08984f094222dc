using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Models of which some parameters are constants.</summary>
public sealed class SelectedParametersTests : IDisposable
{
    private static readonly string[] Trained = ["fc1.bias", "fc2.weight"];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
    private readonly ScriptModel _whole = TinyModels.Define(TinyModels.Mlp);
    private readonly Samples _samples = TinyModels.Vectors();

    public SelectedParametersTests() => _whole.Save(_path);

    public void Dispose()
    {
        _samples.Dispose();
        _whole.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void Theta_has_the_trained_ones_and_the_others_are_buffers()
    {
        using var model = ScriptModel.Load(_path, ElementType.Float64, Device.Cpu, Trained);
        Assert.Equal([("fc1.bias", 0L), ("fc2.weight", 4L)], model.Parameters.Select(slot => (slot.Name, slot.Offset)));
        Assert.Equal(["fc1.weight", "fc2.bias"], model.Frozen.Select(slot => slot.Name));
        Assert.Equal("2 of 4 tensors: fc1.bias, fc2.weight", model.DescribeTrained());
    }

    [Fact]
    public void Loss_gradient_and_products_are_the_blocks_of_the_whole_model()
    {
        using var model = ScriptModel.Load(_path, ElementType.Float64, Device.Cpu, Trained);
        using var part = new Objective(model, _samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var all = new Objective(_whole, _samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        using var wholeTheta = Vector.Zeros(_whole.ParameterCount, ElementType.Float64, Device.Cpu);
        model.GetParameters(theta);
        _whole.GetParameters(wholeTheta);
        using var at = new Linearization(part, theta);
        using var wholeAt = new Linearization(all, wholeTheta);
        Assert.Equal(wholeAt.Loss, at.Loss, 1e-14);

        using var v = TinyModels.Random(at, 3);
        using var wide = Vector.From(Embedded(v.ToArray()), ElementType.Float64, Device.Cpu);
        using var result = v.ZerosLike();
        using var wideResult = wide.ZerosLike();
        at.CopyGradient(result);
        wholeAt.CopyGradient(wideResult);
        AssertBlock(wideResult, result);
        at.HessianProduct(v, result);
        wholeAt.HessianProduct(wide, wideResult);
        AssertBlock(wideResult, result);
        at.GaussNewtonProduct(v, result);
        wholeAt.GaussNewtonProduct(wide, wideResult);
        AssertBlock(wideResult, result);
    }

    [Theory]
    [InlineData("fc3.weight", "'fc3.weight' is to be trained, but is no parameter")]
    [InlineData(null, "no parameter of the model is trained")]
    public void What_the_model_has_not_is_refused(string? name, string problem)
    {
        var thrown = Assert.Throws<DerivativeException>(() =>
            ScriptModel.Load(_path, ElementType.Float64, Device.Cpu, name is null ? [] : [name])
        );
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
    }

    // fc1.weight [4, 6], fc1.bias [4], fc2.weight [3, 4], fc2.bias [3].
    private static double[] Embedded(double[] part) => [.. new double[24], .. part, .. new double[3]];

    private static void AssertBlock(Vector whole, Vector part)
    {
        double[] expected = whole.ToArray()[24..40];
        Assert.All(expected.Zip(part.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }
}
