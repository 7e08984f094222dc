using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

/// <summary>Initial parameters in a layout.</summary>
public sealed class InitialLayoutTests
{
    [Fact]
    public void The_layout_moves_tensors_and_changes_no_number()
    {
        var (model, slots, values) = InitialParameters.Draw("lenet", 9);
        var reversed = InitialParameters.Slots([.. model.Source.Parameters.Reverse()]);
        var moved = model.InitialParameters(reversed, 9);
        Assert.All(slots, slot =>
            Assert.Equal(
                InitialParameters.Entries(values, slot),
                InitialParameters.Entries(moved, reversed.Single(s => s.Name == slot.Name))
            )
        );
    }

    [Fact]
    public void A_layout_of_another_model_is_refused()
    {
        var softmax = BuiltInModels.Create("softmax");
        Assert.Throws<ArgumentException>(() =>
            softmax.InitialParameters(InitialParameters.Slots(BuiltInModels.Create("lenet").Source.Parameters), 0)
        );
        Assert.Throws<ArgumentException>(() =>
            softmax.InitialParameters(
                [.. InitialParameters.Slots(softmax.Source.Parameters), new TensorSlot("more", [1], 7850)],
                0
            )
        );
    }
}
