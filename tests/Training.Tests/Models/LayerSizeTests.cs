using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Sizes of layers.</summary>
public sealed class LayerSizeTests
{
    [Theory]
    [InlineData(28, 5, 1, 0, 24)]
    [InlineData(28, 3, 1, 1, 28)]
    [InlineData(28, 3, 2, 1, 14)]
    [InlineData(7, 2, 2, 0, 3)]
    public void A_convolution_has_the_documented_size(
        long size,
        long kernel,
        long stride,
        long padding,
        long expected
    ) =>
        Assert.Equal(
            [6, expected, expected],
            new ModelBuilder("m", [1, size, size]).Conv2d("conv", 6, kernel, stride, padding).Shape
        );

    [Fact]
    public void A_pool_steps_by_its_own_size_unless_told_otherwise()
    {
        Assert.Equal([1L, 3, 3], new ModelBuilder("m", [1, 7, 7]).MaxPool2d(2).Shape);
        Assert.Equal([1L, 6, 6], new ModelBuilder("m", [1, 7, 7]).MaxPool2d(2, 1).Shape);
    }

    [Fact]
    public void A_linear_layer_asks_for_flat_features()
    {
        var failure = Assert.Throws<TrainingConfigurationException>(() =>
            new ModelBuilder("m", [1, 4, 4]).Linear("fc", 3)
        );
        Assert.Contains("put Flatten before it", failure.Message, StringComparison.Ordinal);
    }
}
