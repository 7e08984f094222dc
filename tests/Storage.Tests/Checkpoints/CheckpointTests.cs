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
}
