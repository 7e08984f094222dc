using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>
/// Counts: VGG as in chenyaofo/pytorch-cifar-models and chengyangfu/pytorch-vgg-cifar10, ResNet-18 as in
/// kuangliu/pytorch-cifar, PreResNet-110 and WRN-28-10 as in osmr/imgclsmob (pytorchcv), whose sources assert them.
/// </summary>
public sealed class DeepNetworksTests
{
    private const long StatesOfVgg16BatchNorm = 2 * ((2 * 64) + (2 * 128) + (3 * 256) + (6 * 512));

    [Theory]
    [InlineData("vgg11-bn", 9_756_426)]
    [InlineData("vgg16-bn", 15_253_578)]
    [InlineData("resnet18", 11_173_962)]
    [InlineData("preresnet110", 1_730_522)]
    [InlineData("preresnet110:classes=100", 1_736_372)]
    [InlineData("wideresnet28-10", 36_479_194)]
    [InlineData("wideresnet28-10:classes=100", 36_536_884)]
    public void A_deep_network_has_the_published_number_of_parameters(string text, long published) =>
        Assert.Equal(published, BuiltInModels.Create(text).ParameterCount);

    [Fact]
    public void VGG16_for_100_classes_is_that_of_the_thesis_but_for_batch_norm() =>
        // Granziol's thesis, section 4.6.1: P = 15,291,300 without batch norm.
        Assert.Equal(15_291_300, BuiltInModels.Create("vgg16-bn:classes=100").ParameterCount - StatesOfVgg16BatchNorm);

    [Theory]
    [InlineData("vgg11-bn", 8 * 2)]
    [InlineData("vgg16-bn", 13 * 2)]
    [InlineData("resnet18", (1 + 16 + 3) * 2)]
    [InlineData("preresnet110", ((54 * 2) + 1) * 2)]
    [InlineData("wideresnet28-10", ((12 * 2) + 1) * 2)]
    public void Every_batch_norm_brings_two_statistics(string name, int expected) =>
        Assert.Equal(expected, BuiltInModels.Create(name).Buffers.Count);
}
