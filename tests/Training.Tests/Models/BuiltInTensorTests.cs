using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Tensors of built-in models.</summary>
public sealed class BuiltInTensorTests
{
    [Fact]
    public void LeNet_names_and_shapes_its_tensors_as_PyTorch_does()
    {
        var model = BuiltInModels.Create("lenet");
        string[] expected =
        [
            "conv1.weight [20,1,5,5]",
            "conv1.bias [20]",
            "conv2.weight [50,20,5,5]",
            "conv2.bias [50]",
            "fc1.weight [500,800]",
            "fc1.bias [500]",
            "fc2.weight [10,500]",
            "fc2.bias [10]",
        ];
        Assert.Equal(expected, model.Source.Parameters.Select(p => $"{p.Name} [{string.Join(',', p.Shape)}]"));
        Assert.Empty(model.Source.Buffers);
        Assert.Equal([10L], model.OutputShape);
    }

    [Fact]
    public void Batch_norm_brings_its_running_statistics_as_buffers()
    {
        var model = BuiltInModels.Create("cnn-bn");
        Assert.Equal(
            ["bn1.running_mean [16]", "bn1.running_var [16]", "bn2.running_mean [32]", "bn2.running_var [32]"],
            model.Source.Buffers.Select(b => $"{b.Name} [{string.Join(',', b.Shape)}]")
        );
        Assert.Contains(
            "torch.batch_norm(x1, self.bn1.weight, self.bn1.bias, self.bn1.running_mean, self.bn1.running_var, False, "
                + "0.1, 1e-05, False)",
            model.Source.Source,
            StringComparison.Ordinal
        );
    }
}
