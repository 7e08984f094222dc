using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Training.Tests.Models;

public sealed class InitializationTests
{
    [Theory]
    [InlineData("conv1", 25)]
    [InlineData("conv2", 20 * 25)]
    [InlineData("fc1", 800)]
    [InlineData("fc2", 500)]
    public void Weights_and_biases_fill_the_interval_of_their_fan_in(string layer, double fanIn)
    {
        var (model, slots, values) = Draw("lenet", 1);
        var bound = 1 / Math.Sqrt(fanIn);
        Assert.Equal(431_080, values.Length);
        foreach (var slot in slots.Where(s => s.Name.StartsWith(layer + ".", StringComparison.Ordinal)))
        {
            var entries = Entries(values, slot);
            Assert.All(entries, entry => Assert.InRange(entry, -bound, bound));
        }

        // Moments of U(−b, b): mean 0, variance b²/3, fourth moment b⁴/5; within five standard errors.
        var weights = Entries(values, slots.Single(s => s.Name == $"{layer}.weight"));
        var n = weights.Length;
        Assert.InRange(weights.Average(), -5 * bound / Math.Sqrt(3 * n), 5 * bound / Math.Sqrt(3 * n));
        var varianceError = 5 * bound * bound * Math.Sqrt((1 / 5.0) - (1 / 9.0)) / Math.Sqrt(n);
        Assert.InRange(
            weights.Average(w => w * w),
            (bound * bound / 3) - varianceError,
            (bound * bound / 3) + varianceError
        );
        Assert.True(weights.Max() > 0.98 * bound && weights.Min() < -0.98 * bound);
        Assert.Equal(model.ParameterCount, values.Length);
    }

    [Fact]
    public void Batch_norm_starts_as_the_identity()
    {
        var (model, slots, values) = Draw("cnn-bn", 1);
        Assert.All(Entries(values, slots.Single(s => s.Name == "bn2.weight")), entry => Assert.Equal(1, entry));
        Assert.All(Entries(values, slots.Single(s => s.Name == "bn2.bias")), entry => Assert.Equal(0, entry));
        var bufferSlots = Slots(model.Source.Buffers);
        var buffers = model.InitialBuffers(bufferSlots);
        Assert.All(Entries(buffers, bufferSlots.Single(s => s.Name == "bn1.running_mean")), entry =>
            Assert.Equal(0, entry)
        );
        Assert.All(Entries(buffers, bufferSlots.Single(s => s.Name == "bn1.running_var")), entry =>
            Assert.Equal(1, entry)
        );
    }

    [Fact]
    public void The_same_seed_gives_the_same_parameters_and_another_seed_gives_others()
    {
        Assert.Equal(Draw("mlp", 5).Values, Draw("mlp", 5).Values);
        Assert.NotEqual(Draw("mlp", 5).Values, Draw("mlp", 6).Values);
    }

    [Fact]
    public void The_first_parameters_of_seed_42_never_change()
    {
        // From a second implementation of the published generator, with the bound 1/28 of 784 inputs.
        double[] expected = [-0.011081760928103573, -0.025523409901517795, 0.015480007083192464];
        var actual = Draw("softmax", 42).Values;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-15);
        }
    }

    [Fact]
    public void The_layout_moves_tensors_and_changes_no_number()
    {
        var (model, slots, values) = Draw("lenet", 9);
        var reversed = Slots([.. model.Source.Parameters.Reverse()]);
        var moved = model.InitialParameters(reversed, 9);
        Assert.All(slots, slot =>
            Assert.Equal(Entries(values, slot), Entries(moved, reversed.Single(s => s.Name == slot.Name)))
        );
    }

    [Fact]
    public void A_layout_of_another_model_is_refused()
    {
        var softmax = BuiltInModels.Create("softmax");
        Assert.Throws<ArgumentException>(() =>
            softmax.InitialParameters(Slots(BuiltInModels.Create("lenet").Source.Parameters), 0)
        );
        Assert.Throws<ArgumentException>(() =>
            softmax.InitialParameters([.. Slots(softmax.Source.Parameters), new TensorSlot("more", [1], 7850)], 0)
        );
    }

    private static (ModelDefinition Model, IReadOnlyList<TensorSlot> Slots, double[] Values) Draw(
        string text,
        long seed
    )
    {
        var model = BuiltInModels.Create(text);
        var slots = Slots(model.Source.Parameters);
        return (model, slots, model.InitialParameters(slots, seed));
    }

    private static List<TensorSlot> Slots(IReadOnlyList<TensorSpec> specs)
    {
        var slots = new List<TensorSlot>();
        foreach (var spec in specs)
        {
            slots.Add(new TensorSlot(spec.Name, spec.Shape, slots.Sum(slot => slot.Count)));
        }

        return slots;
    }

    private static double[] Entries(double[] values, TensorSlot slot) =>
        values.AsSpan((int)slot.Offset, (int)slot.Count).ToArray();
}
