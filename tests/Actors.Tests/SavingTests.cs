using System.Diagnostics.CodeAnalysis;
using CurvatureMonitor.Actors.Tests.Support;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Actors.Tests;

public sealed class SavingTests
{
    private const int Steps = 6;

    [Fact]
    public async Task Every_emitted_checkpoint_is_saved_whether_it_is_measured_or_not()
    {
        using var store = new MemoryCheckpointStore();
        await using (
            var monitor = await MonitorUnderTest.StartAsync(new ScriptedAnalyzer((_, _) => Reports.Sharpness(2)))
        )
        {
            var summary = await monitor.Start(TinyRuns.Request(steps: Steps) with { Store = store });
            Assert.Equal(Steps, summary.Emitted);
            Assert.Empty(monitor.Observer.Of<CheckpointNotSaved>());
        }

        // The store keeps them beyond the monitor's life.
        Assert.Equal([1L, 2, 3, 4, 5, 6], store.Steps("tiny"));
        Assert.True(store.TryGetLatest("tiny", out var last));
        using (last)
        {
            Assert.Equal(15, last.ParametersToArray().Length);
        }
    }

    [Fact]
    public async Task A_store_that_refuses_is_reported_and_the_run_is_measured_all_the_same()
    {
        using var store = new FullDisk();
        await using var monitor = await MonitorUnderTest.StartAsync(
            new ScriptedAnalyzer((_, _) => Reports.Sharpness(2))
        );
        var summary = await monitor.Start(TinyRuns.Request(steps: Steps) with { Store = store });
        Assert.Equal(RunOutcome.Finished, summary.Outcome);
        Assert.Equal(
            Steps,
            monitor.Observer.Of<CheckpointNotSaved>().Count(e => e.Message == "no space left on device")
        );
        Assert.InRange(summary.Measured, 1, Steps);
        Accounts.AssertBalanced(monitor, summary);
    }

    private sealed class FullDisk : ICheckpointStore
    {
        public IReadOnlyList<string> Runs => [];

        public void Put(Checkpoint checkpoint) => throw new IOException("no space left on device");

        public bool TryGet(string run, long step, [NotNullWhen(true)] out Checkpoint? checkpoint)
        {
            checkpoint = null;
            return false;
        }

        public bool TryGetLatest(string run, [NotNullWhen(true)] out Checkpoint? checkpoint) =>
            TryGet(run, 0, out checkpoint);

        public IReadOnlyList<long> Steps(string run) => [];

        public bool Remove(string run, long step) => false;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
