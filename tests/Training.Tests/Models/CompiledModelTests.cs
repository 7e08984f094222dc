using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;
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

    [Fact]
    public void LeNet_computes_what_its_definition_says()
    {
        var data = new SyntheticData(2, [1, 28, 28], 10, 3);
        AssertLoss("lenet", data, BatchNormMode.Eval, net => [
                .. Enumerable
                    .Range(0, 2)
                    .Select(sample =>
                    {
                        var x = ReferenceNetwork.MaxPool2(net.Conv2d("conv1", data.Images(sample), 5, 0));
                        x = ReferenceNetwork.MaxPool2(net.Conv2d("conv2", x, 5, 0));
                        return net.Linear("fc2", ReferenceNetwork.Relu(net.Linear("fc1", ReferenceNetwork.Flatten(x))));
                    }),
            ]);
    }

    [Fact]
    public void The_multilayer_perceptron_computes_what_its_definition_says()
    {
        var data = new SyntheticData(3, [1, 5, 5], 10, 4);
        AssertLoss("mlp:input=1,5,5;hidden=12,8", data, BatchNormMode.Eval, net => [
                .. Enumerable
                    .Range(0, 3)
                    .Select(sample =>
                    {
                        var x = ReferenceNetwork.Relu(net.Linear("fc1", ReferenceNetwork.Flatten(data.Images(sample))));
                        return net.Linear("fc3", ReferenceNetwork.Relu(net.Linear("fc2", x)));
                    }),
            ]);
    }

    [Fact]
    public void The_batch_norm_network_computes_what_its_definition_says()
    {
        var data = new SyntheticData(4, [1, 8, 8], 10, 5);
        AssertLoss("cnn-bn:input=1,8,8;channels=3,4", data, BatchNormMode.Train, net =>
        {
            double[][][,] batch = [.. Enumerable.Range(0, 4).Select(data.Images)];
            foreach (var block in new[] { 1, 2 })
            {
                batch = net.BatchNorm($"bn{block}", [.. batch.Select(x => net.Conv2d($"conv{block}", x, 3, 1))]);
                batch = [.. batch.Select(x => ReferenceNetwork.MaxPool2(ReferenceNetwork.Relu(x)))];
            }

            return [.. batch.Select(x => net.Linear("fc", ReferenceNetwork.Flatten(x)))];
        });
    }

    [Fact]
    public void Blocks_with_numbers_for_names_and_residual_sums_compile()
    {
        var definition = new ModelBuilder("residual", [2, 6, 6])
            .Block("layer1", layer =>
                layer.Block("0", block =>
                    block.Residual(branch =>
                        branch.Conv2d("conv1", 2, 3, padding: 1, bias: false).BatchNorm2d("bn1").Relu()
                    )
                )
            )
            .Flatten()
            .Linear("fc", 3)
            .Build();
        using var model = definition.Instantiate(ElementType.Float64, Device.Cpu, 1);
        using var samples = new SyntheticData(2, [2, 6, 6], 3, 6).Samples(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 2);
        using var parameters = Parameters(model);
        Assert.Equal(3, objective.OutputsPerSample);
        Assert.True(double.IsFinite(objective.Evaluate(parameters).Loss));
    }

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

    private static void AssertLoss(
        string text,
        SyntheticData data,
        BatchNormMode mode,
        Func<ReferenceNetwork, double[][]> forward
    )
    {
        using var model = BuiltInModels.Create(text).Instantiate(ElementType.Float64, Device.Cpu, 11);
        using var samples = data.Samples(ElementType.Float64);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, data.Labels.Length);
        using var parameters = Parameters(model);
        parameters.Scale(3); // larger than at the start, so that the nonlinearities matter
        var expected = ReferenceNetwork.CrossEntropy(
            forward(new ReferenceNetwork(model.Parameters, parameters.ToArray())),
            data.Labels
        );
        Assert.Equal(expected, objective.Evaluate(parameters).Loss, 1e-10);
    }
}
