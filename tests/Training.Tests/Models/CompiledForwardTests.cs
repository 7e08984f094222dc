using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Compiled models against plain arithmetic.</summary>
public sealed class CompiledForwardTests
{
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
