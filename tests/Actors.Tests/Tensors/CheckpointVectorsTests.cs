using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Tests;

namespace CurvatureMonitor.Actors.Tests.Tensors;

/// <summary>These tests read process-wide counters and run when no other test does.</summary>
[CollectionDefinition(nameof(CheckpointVectorsTests), DisableParallelization = true)]
[Collection(nameof(CheckpointVectorsTests))]
public sealed class CheckpointVectorsTests
{
    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void A_captured_checkpoint_keeps_its_numbers_when_the_vectors_change(ElementType type)
    {
        using Vector parameters = Vector.From(TestModels.Numbers(8, 1), type, Device.Cpu);
        using Vector buffers = Vector.From(TestModels.Numbers(2, 2), type, Device.Cpu);
        using Vector moments = Vector.From(TestModels.Numbers(8, 3), type, Device.Cpu);
        double[] expected = [.. parameters.ToArray(), .. buffers.ToArray(), .. moments.ToArray()];

        using Checkpoint checkpoint = Checkpoint.Capture(
            TestModels.Info("run", 5),
            TestModels.Layout,
            parameters,
            buffers,
            moments
        );
        parameters.Fill(0);
        buffers.Fill(0);
        moments.Fill(0);

        double[] kept =
        [
            .. checkpoint.ParametersToArray(),
            .. checkpoint.BuffersToArray(),
            .. checkpoint.SecondMomentsToArray(),
        ];
        Assert.Equal(expected, kept);
        Assert.Equal(type, checkpoint.ElementType);
        Assert.Equal(("run", 5L, true), (checkpoint.Run, checkpoint.Step, checkpoint.HasSecondMoments));
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float64)]
    public void Vectors_of_either_type_get_the_numbers_back(ElementType type)
    {
        using Checkpoint checkpoint = TestModels.Double("run", 1, secondMoments: true);
        using Vector parameters = Vector.Zeros(8, type, Device.Cpu);
        using Vector buffers = Vector.Zeros(2, type, Device.Cpu);
        using Vector moments = Vector.Zeros(8, type, Device.Cpu);
        checkpoint.CopyParametersTo(parameters);
        checkpoint.CopyBuffersTo(buffers);
        checkpoint.CopySecondMomentsTo(moments);

        double[] expected = [.. TestModels.Numbers(8, 1), .. TestModels.Numbers(2, 101), .. TestModels.Numbers(8, 201)];
        double[] actual = [.. parameters.ToArray(), .. buffers.ToArray(), .. moments.ToArray()];
        Assert.Equal(type == ElementType.Float64 ? expected : expected.Select(x => (double)(float)x), actual);
    }

    [Fact]
    public void Capturing_again_and_again_takes_its_memory_from_the_pool()
    {
        const int length = 100_000;
        var layout = new CheckpointLayout([new TensorSlot("w", [length], 0)], []);
        using Vector parameters = Vector.Zeros(length, ElementType.Float32, Device.Cpu);
        Emit(10);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Emit(100);

        // A hundred captures hold 40 MB of numbers; the objects around them are small.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);

        void Emit(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Checkpoint.Capture(TestModels.Info("run", i), layout, parameters).Dispose();
            }
        }
    }

    [Fact]
    public void Vectors_of_the_wrong_length_are_refused_and_nothing_stays_behind()
    {
        long count = Checkpoint.LiveCount;
        using Vector eight = Vector.Zeros(8, ElementType.Float64, Device.Cpu);
        using Vector two = Vector.Zeros(2, ElementType.Float64, Device.Cpu);

        Assert.Throws<ArgumentException>(() =>
            Checkpoint.Capture(TestModels.Info("r", 1), TestModels.Layout, two, two)
        );
        Assert.Throws<ArgumentException>(() => Checkpoint.Capture(TestModels.Info("r", 1), TestModels.Layout, eight));
        Assert.Throws<ArgumentException>(() =>
            Checkpoint.Capture(TestModels.Info("r", 1), TestModels.Layout, eight, two, two)
        );
        Assert.Throws<ArgumentException>(() =>
            Checkpoint.From(TestModels.Info("r", 1), TestModels.Layout, new double[7], new double[2])
        );
        Assert.Equal(count, Checkpoint.LiveCount);
    }
}
