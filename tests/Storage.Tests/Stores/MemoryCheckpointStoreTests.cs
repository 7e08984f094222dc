using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Stores;
using CurvatureMonitor.Storage.Tests.Checkpoints;

namespace CurvatureMonitor.Storage.Tests.Stores;

/// <summary>
/// The conformance suite on a store in memory; counts live checkpoints, so no other test runs beside it.
/// </summary>
[Collection(nameof(CheckpointTests))]
public sealed class MemoryCheckpointStoreTests : CheckpointStoreConformance
{
    [Fact]
    public void Replaced_removed_surplus_and_disposed_checkpoints_give_their_memory_back()
    {
        long before = Checkpoint.LiveCount;
        var store = new MemoryCheckpointStore(CheckpointRetention.KeepLast(2));
        foreach (long step in new long[] { 1, 2, 2, 3, 4 })
        {
            using Checkpoint checkpoint = TestModels.Single("a", step);
            store.Put(checkpoint);
        }

        Assert.Equal(before + 2, Checkpoint.LiveCount);
        store.Remove("a", 4);
        Assert.Equal(before + 1, Checkpoint.LiveCount);
        store.Dispose();
        Assert.Equal(before, Checkpoint.LiveCount);
    }

    protected override ICheckpointStore Open(CheckpointRetention retention) => new MemoryCheckpointStore(retention);
}
