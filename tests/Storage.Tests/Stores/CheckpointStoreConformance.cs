using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Stores;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Storage.Tests.Stores;

/// <summary>What every checkpoint store does.</summary>
public abstract class CheckpointStoreConformance
{
    [Fact]
    public void A_checkpoint_that_is_put_is_found_with_all_it_holds()
    {
        using ICheckpointStore store = Open(CheckpointRetention.All);
        using (Checkpoint put = TestModels.Double("a", 10, secondMoments: true))
        {
            store.Put(put);
        }

        Assert.True(store.TryGet("a", 10, out Checkpoint? found));
        using (found)
        {
            Assert.Equal(TestModels.Info("a", 10), found.Info);
            Assert.Equal(TestModels.Numbers(8, 10), found.ParametersToArray());
            Assert.Equal(TestModels.Numbers(2, 110), found.BuffersToArray());
            Assert.Equal(TestModels.Numbers(8, 210), found.SecondMomentsToArray());
        }
    }

    [Fact]
    public void What_was_not_put_is_not_found()
    {
        using ICheckpointStore store = Open(CheckpointRetention.All);
        Put(store, "a", 10);

        Assert.False(store.TryGet("a", 11, out Checkpoint? absent));
        Assert.Null(absent);
        Assert.False(store.TryGet("b", 10, out _));
        Assert.False(store.TryGet("unknown", 10, out _));
        Assert.False(store.TryGetLatest("b", out absent));
        Assert.Null(absent);
        Assert.Empty(store.Steps("b"));
        Assert.Empty(store.Steps("unknown"));
        Assert.False(store.Remove("a", 11));
        Assert.False(store.Remove("unknown", 10));
        Assert.Equal(["a"], store.Runs);
    }

    [Fact]
    public void The_latest_is_the_one_with_the_highest_step_whatever_the_order_of_arrival()
    {
        using ICheckpointStore store = Open(CheckpointRetention.All);
        Put(store, "a", 20);
        Put(store, "a", 100);
        Put(store, "a", 3);
        Put(store, "b", 500);

        Assert.Equal([3L, 20L, 100L], store.Steps("a"));
        Assert.Equal(["a", "b"], store.Runs);
        Assert.True(store.TryGetLatest("a", out Checkpoint? latest));
        using (latest)
        {
            Assert.Equal(("a", 100L), (latest.Run, latest.Step));
        }
    }

    [Fact]
    public void The_same_step_put_again_replaces_the_first()
    {
        using ICheckpointStore store = Open(CheckpointRetention.All);
        Put(store, "a", 1);
        using (
            Checkpoint second = Checkpoint.From(
                TestModels.Info("a", 1) with
                {
                    Loss = 9,
                },
                TestModels.Layout,
                new double[8],
                new double[2]
            )
        )
        {
            store.Put(second);
        }

        Assert.True(store.TryGet("a", 1, out Checkpoint? found));
        using (found)
        {
            Assert.Equal(9, found.Info.Loss);
            Assert.All(found.ParametersToArray(), value => Assert.Equal(0, value));
        }

        Assert.Equal([1L], store.Steps("a"));
    }

    [Fact]
    public void A_checkpoint_that_is_removed_is_gone_but_lives_on_for_those_who_hold_it()
    {
        using ICheckpointStore store = Open(CheckpointRetention.All);
        Put(store, "a", 1);
        Assert.True(store.TryGet("a", 1, out Checkpoint? held));
        using (held)
        {
            Assert.True(store.Remove("a", 1));
            Assert.False(store.TryGet("a", 1, out _));
            Assert.Empty(store.Runs);
            Assert.Equal(TestModels.Numbers(8, 1), held.ParametersToArray());
        }
    }

    [Fact]
    public void Only_the_last_checkpoints_of_each_run_are_retained()
    {
        using ICheckpointStore store = Open(CheckpointRetention.KeepLast(2));
        foreach (long step in new long[] { 1, 2, 3, 10 })
        {
            Put(store, "a", step);
        }

        Put(store, "b", 1);
        Put(store, "a", 5);

        Assert.Equal([5L, 10L], store.Steps("a"));
        Assert.Equal([1L], store.Steps("b"));
        Assert.False(store.TryGet("a", 3, out _));
    }

    [Fact]
    public void A_store_that_is_disposed_refuses_to_be_used()
    {
        ICheckpointStore store = Open(CheckpointRetention.All);
        store.Dispose();
        store.Dispose();
        using Checkpoint checkpoint = TestModels.Double("a", 1);

        Assert.Throws<ObjectDisposedException>(() => store.Put(checkpoint));
        Assert.Throws<ObjectDisposedException>(() => store.TryGet("a", 1, out _));
        Assert.Throws<ObjectDisposedException>(() => store.Steps("a"));
        Assert.Throws<ObjectDisposedException>(() => store.Runs);
    }

    [Fact]
    public void Any_sequence_of_puts_and_removals_leaves_what_a_sorted_set_would()
    {
        var operation =
            from run in Gen.Elements("a", "b")
            from step in Gen.Choose(0, 8)
            from put in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
            select (run, step, put);
        Prop.ForAll(Gen.Choose(0, 15).SelectMany(count => operation.ArrayOf(count)).ToArbitrary(), operations =>
            {
                using ICheckpointStore store = Open(CheckpointRetention.KeepLast(3));
                var model = new Dictionary<string, SortedSet<long>> { ["a"] = [], ["b"] = [] };
                foreach ((string run, int step, bool put) in operations)
                {
                    if (put)
                    {
                        Put(store, run, step);
                        model[run].Add(step);
                        if (model[run].Count > 3)
                        {
                            model[run].Remove(model[run].Min);
                        }
                    }
                    else
                    {
                        Assert.Equal(model[run].Remove(step), store.Remove(run, step));
                    }
                }

                foreach ((string run, SortedSet<long> steps) in model)
                {
                    Assert.Equal(steps, store.Steps(run));
                    Assert.Equal(steps.Count > 0, store.TryGetLatest(run, out Checkpoint? latest));
                    using (latest)
                    {
                        Assert.Equal(steps.Count > 0 ? steps.Max : null, latest?.Step);
                    }
                }
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public async Task Readers_beside_a_writer_find_whole_checkpoints_or_none()
    {
        using ICheckpointStore store = Open(CheckpointRetention.KeepLast(2));
        Put(store, "a", 0);
        using var done = new CancellationTokenSource();
        Task<int>[] readers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => ReadUntil(store, done.Token)))];
        for (int step = 1; step <= 60; step++)
        {
            Put(store, "a", step);
        }

        // A reader that has not started yet reads once all the same, and finds the last one.
        await done.CancelAsync();

        Assert.All(await Task.WhenAll(readers), found => Assert.True(found > 0));
        Assert.Equal([59L, 60L], store.Steps("a"));
    }

    /// <summary>
    /// An empty store that takes checkpoints of <see cref="TestModels.Layout"/> for the runs a and b.
    /// </summary>
    protected abstract ICheckpointStore Open(CheckpointRetention retention);

    private static void Put(ICheckpointStore store, string run, long step)
    {
        using Checkpoint checkpoint = TestModels.Double(run, step);
        store.Put(checkpoint);
    }

    private static int ReadUntil(ICheckpointStore store, CancellationToken done)
    {
        int found = 0;
        do
        {
            if (store.TryGetLatest("a", out Checkpoint? latest))
            {
                using (latest)
                {
                    Assert.Equal(TestModels.Numbers(8, latest.Step), latest.ParametersToArray());
                    found++;
                }
            }
        } while (!done.IsCancellationRequested);

        return found;
    }
}
