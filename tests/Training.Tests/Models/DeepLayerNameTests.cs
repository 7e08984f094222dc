using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Names of layers of deep networks.</summary>
public sealed class DeepLayerNameTests
{
    [Fact]
    public void Layers_are_named_as_in_PyTorch()
    {
        string[] vgg = [.. BuiltInModels.Create("vgg16-bn").Source.Parameters.Select(p => p.Name)];
        Assert.Equal("features.0.weight", vgg[0]);
        Assert.Contains("features.41.bias", vgg);
        Assert.Equal(
            [
                "classifier.0.weight",
                "classifier.0.bias",
                "classifier.3.weight",
                "classifier.3.bias",
                "classifier.6.weight",
                "classifier.6.bias",
            ],
            vgg[^6..]
        );
        Assert.Contains(
            "layer2.0.shortcut.1.running_var",
            BuiltInModels.Create("resnet18").Source.Buffers.Select(b => b.Name)
        );
        Assert.Contains(
            "layer3.0.downsample.weight",
            BuiltInModels.Create("preresnet110").Source.Parameters.Select(p => p.Name)
        );
        Assert.Contains(
            "block1.layer.0.convShortcut.weight",
            BuiltInModels.Create("wideresnet28-10").Source.Parameters.Select(p => p.Name)
        );
    }
}
