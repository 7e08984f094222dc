using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>The TorchScript of the built-in models, compiled and run by libtorch in float64.</summary>
public sealed class CompiledModelTests
{
    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp")]
    [InlineData("mlp:hidden=20,10;activation=tanh")]
    [InlineData("lenet")]
    [InlineData("cnn-bn")]
    public void A_model_compiles_and_maps_images_to_ten_outputs(string text)
    {
        var definition = BuiltInModels.Create(text);
        using var model = definition.Instantiate(ElementType.Float32, Device.Cpu, 1);
        using var samples = new SyntheticData(3, [1, 28, 28], 10, 1).Samples(ElementType.Float32);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 2);
        using var parameters = Parameters(model);
        Assert.Equal(definition.ParameterCount, model.ParameterCount);
        Assert.Equal(10, objective.OutputsPerSample);
        Assert.InRange(objective.Evaluate(parameters).Loss, 0.5, 10); // near ln 10 = 2.30 at the start
    }

    [Fact]
    public void The_compiled_model_holds_the_initial_parameters_and_buffers()
    {
        var definition = BuiltInModels.Create("cnn-bn");
        using var model = definition.Instantiate(ElementType.Float64, Device.Cpu, 3);
        using var parameters = Parameters(model);
        Assert.Equal(definition.InitialParameters(model.Parameters, 3), parameters.ToArray());
        using var buffers = Vector.Zeros(model.BufferCount, ElementType.Float64, Device.Cpu);
        model.GetBuffers(buffers);
        Assert.Equal(definition.InitialBuffers(model.Buffers), buffers.ToArray());
        Assert.Equal(32 + 64, model.BufferCount);
    }

    [Fact]
    public void Softmax_at_zero_has_loss_ln_10()
    {
        using var model = BuiltInModels.Create("softmax").Instantiate(ElementType.Float64, Device.Cpu, 0);
        using var samples = new SyntheticData(4, [1, 28, 28], 10, 2).Samples(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var zero = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        Assert.Equal(Math.Log(10), objective.Evaluate(zero).Loss, 1e-12);
    }

    private static Vector Parameters(ScriptModel model)
    {
        var parameters = Vector.Zeros(model.ParameterCount, model.ElementType, Device.Cpu);
        model.GetParameters(parameters);
        return parameters;
    }
}
