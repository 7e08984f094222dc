using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Tests.Checkpoints;

/// <summary>These tests read process-wide counters and run when no other test does.</summary>
[CollectionDefinition(nameof(CheckpointTests), DisableParallelization = true)]
[Collection(nameof(CheckpointTests))]
public sealed class CheckpointTests
{
    [Fact]
    public void Memory_lives_until_the_last_handle_is_disposed()
    {
        (long count, long bytes) = (Checkpoint.LiveCount, Checkpoint.LiveBytes);
        Checkpoint first = TestModels.Single("run", 1);
        Checkpoint second = first.Retain();
        Assert.Equal((count + 1, bytes + 40), (Checkpoint.LiveCount, Checkpoint.LiveBytes));

        first.Dispose();
        first.Dispose();
        Assert.Equal(count + 1, Checkpoint.LiveCount);
        Assert.Equal(8, second.ParametersToArray().Length);
        Assert.Throws<ObjectDisposedException>(() => first.ParametersToArray());
        Assert.Throws<ObjectDisposedException>(() => first.Retain());
        Assert.Throws<ObjectDisposedException>(() => first.FindNonFinite());

        second.Dispose();
        Assert.Equal((count, bytes), (Checkpoint.LiveCount, Checkpoint.LiveBytes));
        Assert.Throws<ObjectDisposedException>(() => second.ParametersToArray());
    }

    [Fact]
    public void Handles_disposed_on_many_threads_free_the_memory_once()
    {
        long count = Checkpoint.LiveCount;
        for (int round = 0; round < 50; round++)
        {
            Checkpoint original = TestModels.Double("run", round);
            Checkpoint[] handles = [.. Enumerable.Range(0, 16).Select(_ => original.Retain())];
            double[] expected = original.ParametersToArray();
            original.Dispose();
            Parallel.ForEach(handles, handle =>
            {
                Assert.Equal(expected, handle.ParametersToArray());
                handle.Dispose();
                handle.Dispose();
            });
        }

        Assert.Equal(count, Checkpoint.LiveCount);
    }

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
