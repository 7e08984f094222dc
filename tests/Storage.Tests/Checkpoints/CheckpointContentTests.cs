using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Tests.Checkpoints;

/// <summary>What checkpoints hold.</summary>
public sealed class CheckpointContentTests
{
    [Theory]
    [InlineData(0, double.NaN, "fc.weight")]
    [InlineData(5, double.PositiveInfinity, "fc.weight")]
    [InlineData(6, double.NaN, "fc.bias")]
    [InlineData(8, double.NegativeInfinity, "bn.running_mean")]
    [InlineData(9, double.NaN, "bn.running_mean")]
    public void The_tensor_with_a_number_that_is_not_finite_is_named(int place, double value, string name)
    {
        double[] numbers = TestModels.Numbers(10, 0);
        numbers[place] = value;
        float[] singles = Array.ConvertAll(numbers, number => (float)number);
        using Checkpoint doubles = Checkpoint.From(
            TestModels.Info("r", 1),
            TestModels.Layout,
            numbers.AsSpan(0, 8),
            numbers.AsSpan(8)
        );
        using Checkpoint narrow = Checkpoint.From(
            TestModels.Info("r", 1),
            TestModels.Layout,
            singles.AsSpan(0, 8),
            singles.AsSpan(8)
        );
        using Checkpoint finite = TestModels.Double("r", 1);

        Assert.Equal(name, doubles.FindNonFinite());
        Assert.Equal(name, narrow.FindNonFinite());
        Assert.Null(finite.FindNonFinite());
    }

    [Fact]
    public void Second_moments_that_are_not_there_are_not_made_up()
    {
        using Checkpoint checkpoint = TestModels.Double("r", 1);

        Assert.False(checkpoint.HasSecondMoments);
        Assert.Throws<InvalidOperationException>(() => checkpoint.SecondMomentsToArray());
    }

    [Fact]
    public void A_layout_with_gaps_overlaps_or_repeated_names_is_refused()
    {
        TensorSlot a = new("a", [2], 0);

        Assert.Throws<ArgumentException>(() => new CheckpointLayout([a, new TensorSlot("b", [1], 3)], []));
        Assert.Throws<ArgumentException>(() => new CheckpointLayout([a, new TensorSlot("b", [1], 1)], []));
        Assert.Throws<ArgumentException>(() => new CheckpointLayout([a], [a]));
        Assert.Throws<ArgumentException>(() => new CheckpointLayout([new TensorSlot("a", [1L << 40], 0)], []));
        var scalar = new CheckpointLayout([a], [new TensorSlot("b", [], 0)]);
        Assert.Equal((2, 1), (scalar.ParameterCount, scalar.BufferCount));
    }
}
