using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

public sealed class ModelBuilderTests
{
    [Fact]
    public void The_source_names_every_value_once()
    {
        var source = new ModelBuilder("tiny", [4])
            .Linear("fc1", 3)
            .Tanh()
            .Linear("fc2", 2, bias: false)
            .Build()
            .Source.Source;
        Assert.Equal(
            """
            def forward(self, x: Tensor) -> Tensor:
                x1 = torch.linear(x, self.fc1.weight, self.fc1.bias)
                x2 = torch.tanh(x1)
                x3 = torch.linear(x2, self.fc2.weight, None)
                return x3

            """,
            source
        );
    }

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
    public void Blocks_prefix_the_names_of_their_layers()
    {
        var model = new ModelBuilder("m", [1, 8, 8])
            .Block("layer1", layer =>
                layer.Block("0", block => block.Conv2d("conv1", 2, 3, padding: 1, bias: false).BatchNorm2d("bn1"))
            )
            .Build();
        Assert.Equal(
            ["layer1.0.conv1.weight", "layer1.0.bn1.weight", "layer1.0.bn1.bias"],
            model.Parameters.Select(p => p.Spec.Name)
        );
        Assert.Contains("getattr(self.layer1, \"0\").conv1.weight", model.Source.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_residual_sum_adds_the_branch_to_its_input()
    {
        var model = new ModelBuilder("m", [4])
            .Linear("fc1", 3)
            .Residual(branch => branch.Linear("fc2", 3).Relu())
            .Build();
        Assert.Contains("x4 = x3 + x1", model.Source.Source, StringComparison.Ordinal);
        var projected = new ModelBuilder("m", [4])
            .Residual(branch => branch.Linear("fc1", 3), shortcut => shortcut.Linear("fc2", 3))
            .Build();
        Assert.Contains("x3 = x1 + x2", projected.Source.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_of_different_shapes_are_not_added()
    {
        var failure = Assert.Throws<TrainingConfigurationException>(() =>
            new ModelBuilder("m", [4]).Residual(branch => branch.Linear("fc", 3))
        );
        Assert.Contains("[4]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("[3]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_layers_do_not_share_a_name() =>
        Assert.Throws<ArgumentException>(() => new ModelBuilder("m", [4]).Linear("fc", 3).Linear("fc", 2));

    [Fact]
    public void A_name_that_is_no_module_name_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ModelBuilder("m", [4]).Linear("fc.1", 3));

    [Fact]
    public void A_linear_layer_asks_for_flat_features()
    {
        var failure = Assert.Throws<TrainingConfigurationException>(() =>
            new ModelBuilder("m", [1, 4, 4]).Linear("fc", 3)
        );
        Assert.Contains("put Flatten before it", failure.Message, StringComparison.Ordinal);
    }
}
