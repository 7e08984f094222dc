using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Storage.Tests.Stores;

/// <summary>The conformance suite on a store in run bundles.</summary>
public sealed class DirectoryCheckpointStoreTests : CheckpointStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _stores;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Checkpoints_that_a_bundle_already_holds_are_found()
    {
        RunBundle bundle = Create("bundle", "a");
        using Checkpoint checkpoint = TestModels.Single("a", 3);
        bundle.WriteCheckpoint(checkpoint);
        using var store = new DirectoryCheckpointStore();
        store.Attach(RunBundle.Open(bundle.Directory), TestModels.Layout);

        Assert.True(store.TryGetLatest("a", out Checkpoint? found));
        using (found)
        {
            Assert.Equal((3L, ElementType.Float32), (found.Step, found.ElementType));
        }
    }

    [Fact]
    public void A_checkpoint_that_is_there_but_damaged_is_an_error_and_not_absent()
    {
        RunBundle bundle = Create("bundle", "a");
        using Checkpoint checkpoint = TestModels.Single("a", 3);
        bundle.WriteCheckpoint(checkpoint);
        string tensors = _folder.Write("bundle/checkpoints/step-00000003.safetensors", [1, 2, 3]);
        using var store = new DirectoryCheckpointStore();
        store.Attach(bundle, TestModels.Layout);

        BundleAssert.Refused(tensors, () => store.TryGet("a", 3, out _), "truncated");
        BundleAssert.Refused(tensors, () => store.TryGetLatest("a", out _), "truncated");
        Assert.True(store.Remove("a", 3));
    }

    [Fact]
    public void A_checkpoint_of_a_run_without_a_bundle_is_refused()
    {
        using var store = new DirectoryCheckpointStore();
        using Checkpoint checkpoint = TestModels.Single("a", 3);

        Assert.Throws<ArgumentException>(() => store.Put(checkpoint));
    }

    protected override ICheckpointStore Open(CheckpointRetention retention)
    {
        var store = new DirectoryCheckpointStore(retention);
        int number = _stores++;
        foreach (string run in new[] { "a", "b" })
        {
            store.Attach(Create($"{number}/{run}", run), TestModels.Layout);
        }

        return store;
    }

    private RunBundle Create(string place, string run) =>
        RunBundle.Create(
            _folder[place],
            new RunManifest(
                run,
                new BuiltInModelReference("mlp", new Dictionary<string, string>()),
                Loss.CrossEntropy,
                BatchNormMode.Eval,
                4
            ),
            ProbeSet.Classification([1, 2], [2, 1], [0, 1])
        );
}
