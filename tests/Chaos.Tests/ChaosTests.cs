using System.Diagnostics;
using System.Text.Json;
using CurvatureMonitor.Chaos.Tests.Support;
using Xunit.Abstractions;

namespace CurvatureMonitor.Chaos.Tests;

/// <summary>
/// A whole cluster whose parts are killed, frozen and started again while three trainings go on: nothing is lost,
/// nothing is counted twice.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Seed = 20260301;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task Three_trainings_are_accounted_for_to_the_last_checkpoint_whatever_is_killed()
    {
        await using var cluster = await ProcessCluster.StartAsync();
        using var client = new HttpClient { BaseAddress = cluster.Address, Timeout = Until.Patience };
        var sending = new SendingTrainer(SmallModel.Write(cluster.Aside("sent"), "sent"), Interval, client);
        Trainer[] trainers =
        [
            new WatchedTrainer(SmallModel.Write(Path.Combine(cluster.Watched, "seen"), "seen"), Interval),
            new WatchedTrainer(SmallModel.Write(Path.Combine(cluster.Watched, "looked-at"), "looked-at"), Interval),
            sending,
        ];
        foreach (var trainer in trainers)
        {
            trainer.Start();
        }

        await ProgressAsync(cluster, trainers);
        var killer = new Killer(cluster, Seed);
        for (int round = 0; round < 4; round++)
        {
            await killer.BeforeAsync(killer.Choose());
            await killer.AfterAsync(killer.Choose());
        }

        Say("killed eight times");
        await FreezeOneAsync(killer);
        Say("one frozen beyond its removal");
        await FreezeAllAsync(killer);
        await ProgressAsync(cluster, trainers);
        Say("all frozen at once");
        await RestartHostAsync(cluster, trainers);
        await RestartHostAsync(cluster, trainers);
        Say("host killed twice");
        await killer.BeforeAsync("one");
        await killer.AfterAsync("two");
        Assert.Equal((6, 6), (killer.Before, killer.After));
        await Task.WhenAll(trainers.Select(trainer => trainer.FinishAsync()));
        foreach (var trainer in trainers)
        {
            await Until.HoldsAsync(
                $"{trainer.Run} has ended",
                () => cluster.History(trainer.Run).Events("run_ended").Count > 0,
                cluster.Say
            );
        }

        Say("trainings ended");
        Assert.All(trainers, trainer => Account(cluster.History(trainer.Run), trainer));
        Assert.Equal(0, sending.Refused);
        await TidyAsync(cluster);

        void Say(string what)
        {
            var counts = trainers.Select(trainer =>
                $"{trainer.Run} {trainer.Emitted.Count} emitted {cluster.History(trainer.Run).Measured} measured"
            );
            output.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {what}: {string.Join(", ", counts)}");
        }
    }

    /// <summary>Waits until each run has another measurement.</summary>
    private static async Task ProgressAsync(ProcessCluster cluster, Trainer[] trainers)
    {
        foreach (
            var (trainer, before) in trainers
                .Select(trainer => (trainer, cluster.History(trainer.Run).Measured))
                .ToList()
        )
        {
            await Until.HoldsAsync(
                $"{trainer.Run} is measured on",
                () => cluster.History(trainer.Run).Measured > before,
                cluster.Say
            );
        }
    }

    // The other worker is killed twice meanwhile. Once the cluster has removed the frozen one it cannot come back: it
    // ends when it runs again, and another process takes its place.
    private static async Task FreezeOneAsync(Killer killer)
    {
        var frozen = await killer.HoldAsync("two");
        await killer.LostAsync("two");
        await killer.BeforeAsync("one");
        await killer.AfterAsync("one");
        await killer.RemovedAsync();
        await ProcessTree.SignalAsync(frozen.ProcessId, "CONT");
        await killer.BackAsync(frozen);
    }

    private static async Task FreezeAllAsync(Killer killer)
    {
        var one = await killer.HoldAsync("one");
        var two = await killer.HoldAsync("two");
        await killer.LostAsync("one");
        await killer.LostAsync("two");
        await ProcessTree.SignalAsync(one.ProcessId, "CONT");
        await ProcessTree.SignalAsync(two.ProcessId, "CONT");
    }

    private static async Task RestartHostAsync(ProcessCluster cluster, Trainer[] trainers)
    {
        await cluster.KillHostAsync();
        int[] emitted = [.. trainers.Where(trainer => trainer is WatchedTrainer).Select(run => run.Emitted.Count)];
        await Until.HoldsAsync("the trainings go on without a host", () =>
            trainers
                .Where(trainer => trainer is WatchedTrainer)
                .Zip(emitted)
                .All(pair => pair.First.Emitted.Count >= pair.Second + 3)
        );
        await cluster.StartHostAsync();
        await ProgressAsync(cluster, trainers);
    }

    private static void Account(RunHistory history, Trainer trainer)
    {
        var measured = history.Steps("checkpoint_measured");
        var dropped = history.Steps("checkpoint_dropped");
        var failed = history.Events("analysis_failed");
        Assert.True(failed.Count == 0, string.Join('\n', failed));
        Assert.Equal(trainer.Emitted, history.Steps("checkpoint_taken").Order());
        Assert.Equal(trainer.Emitted, measured.Concat(dropped).Order());
        Assert.Contains(trainer.Emitted[^1], measured);
        Assert.All(history.Events("checkpoint_dropped"), line =>
            Assert.Equal("superseded", line.GetProperty("reason").GetString())
        );
        Assert.Equal(
            "finished",
            history.Events("run_ended").Single().GetProperty("summary").GetProperty("outcome").GetString()
        );
    }

    // Nothing waits, nobody is busy, no answer is kept.
    private static async Task TidyAsync(ProcessCluster cluster)
    {
        string status = string.Empty;
        for (long started = Stopwatch.GetTimestamp(); !IsTidy(status); status = await cluster.StatusAsync())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < Until.Patience,
                $"the cluster does not come to rest: {status}"
            );
        }

        await cluster.StopAsync();
    }

    private static bool IsTidy(string status)
    {
        if (status.Length == 0)
        {
            return false;
        }

        using var document = JsonDocument.Parse(status);
        var (workers, hosts) = (
            document.RootElement.GetProperty("workers").EnumerateArray(),
            document.RootElement.GetProperty("hosts").EnumerateArray()
        );
        return workers
                .Select(worker => worker.GetProperty("name").GetString())
                .SequenceEqual(ProcessCluster.WorkerNames)
            && workers.All(worker => worker.GetProperty("state").GetString() == "idle")
            && workers.All(worker => worker.GetProperty("answers_kept").GetInt32() == 0)
            && hosts.Select(host => host.GetProperty("open_jobs").GetInt32()).SequenceEqual([0]);
    }
}
