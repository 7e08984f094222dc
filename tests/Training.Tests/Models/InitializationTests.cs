
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
        var (model, slots, values) = InitialParameters.Draw("lenet", 1);
        var bound = 1 / Math.Sqrt(fanIn);
        Assert.Equal(431_080, values.Length);
        foreach (var slot in slots.Where(s => s.Name.StartsWith(layer + ".", StringComparison.Ordinal)))
        {
            var entries = InitialParameters.Entries(values, slot);
            Assert.All(entries, entry => Assert.InRange(entry, -bound, bound));
        }

        // Moments of U(−b, b): mean 0, variance b²/3, fourth moment b⁴/5; within five standard errors.
        var weights = InitialParameters.Entries(values, slots.Single(s => s.Name == $"{layer}.weight"));
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
        var (model, slots, values) = InitialParameters.Draw("cnn-bn", 1);
        Assert.All(InitialParameters.Entries(values, slots.Single(s => s.Name == "bn2.weight")), entry =>
            Assert.Equal(1, entry)
        );
        Assert.All(InitialParameters.Entries(values, slots.Single(s => s.Name == "bn2.bias")), entry =>
            Assert.Equal(0, entry)
        );
        var bufferSlots = InitialParameters.Slots(model.Source.Buffers);
        var buffers = model.InitialBuffers(bufferSlots);
        Assert.All(InitialParameters.Entries(buffers, bufferSlots.Single(s => s.Name == "bn1.running_mean")), entry =>
            Assert.Equal(0, entry)
        );
        Assert.All(InitialParameters.Entries(buffers, bufferSlots.Single(s => s.Name == "bn1.running_var")), entry =>
            Assert.Equal(1, entry)
        );
    }
}
