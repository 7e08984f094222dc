using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Blocks and residual sums.</summary>
public sealed class BlockTests
{
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
}
