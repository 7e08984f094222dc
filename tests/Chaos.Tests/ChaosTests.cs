using System.Diagnostics;
using System.Text.Json;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Chaos.Tests.Support;
using CurvatureMonitor.Cluster.Tests.Support;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Serialization;
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
        for (int round = 0; round < 3; round++)
        {
            await killer.BeforeAsync(killer.Choose());
            await killer.AfterAsync(killer.Choose());
        }

        Say("killed six times");
        await FreezeAsync(cluster, killer);
        Say("frozen");
        await RestartHostAsync(cluster, killer, trainers);
        Say("host restarted");
        var (down, up) = await RestartBrokerAsync(cluster, trainers, sending);
        Say("broker restarted");
        await killer.BeforeAsync("one");
        await killer.AfterAsync("two");
        Assert.True(
            killer.Before.Count >= 4 && killer.After.Count >= 4 && killer.Before.Count + killer.After.Count >= 9,
            $"{killer.Before.Count} before, {killer.After.Count} after"
        );
        output.WriteLine($"{killer.Before.Count} killed before they published, {killer.After.Count} after");
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
        NothingConfirmedIsLost(cluster, down, up);
        EqualWhoeverMeasures(cluster);
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

    // The other worker is killed twice meanwhile.
    private static async Task FreezeAsync(ProcessCluster cluster, Killer killer)
    {
        int misses = Misses();
        var frozen = await killer.HoldAsync("two");
        await killer.BeforeAsync("one");
        await killer.AfterAsync("one");
        await Until.HoldsAsync("the broker misses the frozen worker", () => Misses() > misses);
        await ProcessTree.SignalAsync(frozen.ProcessId, "CONT");

        // The same process goes on: it connects anew, and what it had measured is a result that nobody needs any more,
        // or the first.
        await Until.HoldsAsync(
            "the worker works on",
            () =>
                cluster.Watch.Results.Any(result =>
                    result.Worker == "two" && result.Job != frozen.Job && result.At > DateTime.UtcNow.AddSeconds(-2)
                ),
            cluster.Say
        );
        Assert.Equal(frozen.ProcessId, cluster.Watch.Worker("two")!.ProcessId);

        int Misses() => cluster.Broker.Log.Split("missed heartbeats from client").Length;
    }

    private static async Task RestartHostAsync(ProcessCluster cluster, Killer killer, Trainer[] trainers)
    {
        // A worker is held for a moment in the middle of a job, so that its result comes while nobody is there to take
        // it.
        var held = await killer.HoldAsync("one", cluster.HasFetched);
        await cluster.KillHostAsync();
        await ProcessTree.SignalAsync(held.ProcessId, "CONT");
        var result = await Until.HasAsync(
            "a result waits for the host",
            () => cluster.Watch.Results.FirstOrDefault(seen => seen.Job == held.Job && seen.Measured is not null),
            cluster.Say
        );
        Assert.DoesNotContain(result.Job.Step, cluster.History(result.Job.Run).Steps("checkpoint_measured"));
        await cluster.StartHostAsync();
        await Until.HoldsAsync(
            "the host takes it",
            () => cluster.History(result.Job.Run).Steps("checkpoint_measured").Contains(result.Job.Step),
            cluster.Say
        );
        await ProgressAsync(cluster, trainers);
    }

    /// <returns>From when to when the broker was away.</returns>
    private static async Task<(DateTime Down, DateTime Up)> RestartBrokerAsync(
        ProcessCluster cluster,
        Trainer[] trainers,
        SendingTrainer sending
    )
    {
        // A slot that was made a moment ago would be lost.
        await cluster.Broker.SettleAsync();
        var down = DateTime.UtcNow;
        await cluster.Broker.KillAsync();
        int[] emitted = [.. trainers.Select(trainer => trainer.Emitted.Count)];
        await Until.HoldsAsync("the trainings go on without a broker", () =>
            trainers.Zip(emitted).All(pair => pair.First.Emitted.Count >= pair.Second + 10)
        );
        Assert.Equal(0, sending.Refused);
        Assert.False(cluster.Broker.IsRunning);
        await cluster.Broker.RestartAsync();
        var up = DateTime.UtcNow;
        await ProgressAsync(cluster, trainers);
        await Until.HoldsAsync("the watch listens again", () => cluster.Watch.IsListening);
        return (down, up);
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

    // What the broker had a second before it was killed, or after it was back, it had confirmed or kept. Only what came
    // after the run had gone on without it (from a worker that was frozen, say) is a duplicate.
    private static void NothingConfirmedIsLost(ProcessCluster cluster, DateTime down, DateTime up)
    {
        var confirmed = cluster
            .Watch.Results.Where(result =>
                result.Measured is not null && (result.At < down.AddSeconds(-1) || result.At > up)
            )
            .ToList();
        Assert.NotEmpty(confirmed);
        Assert.All(confirmed.GroupBy(result => result.Job.Run), run =>
        {
            var history = cluster.History(run.Key);
            var measured = history.Steps("checkpoint_measured").ToHashSet();
            var dropped = history
                .Events("checkpoint_dropped")
                .ToDictionary(
                    line => line.GetProperty("step").GetInt64(),
                    line => line.GetProperty("time").GetDateTimeOffset().UtcDateTime
                );
            Assert.Empty(
                run.Where(result =>
                        !measured.Contains(result.Job.Step) && dropped[result.Job.Step] > result.At.AddSeconds(1)
                    )
                    .Select(result => result.Job.Step)
            );
        });
    }

    // A job that was done twice, by two workers or by one before and after a kill, gave the same to the last bit.
    private void EqualWhoeverMeasures(ProcessCluster cluster)
    {
        var again = cluster
            .Watch.Results.Where(result => result.Measured is not null)
            .GroupBy(result => result.Job)
            .Where(results => results.Count() > 1)
            .ToList();
        output.WriteLine($"{again.Count} jobs were done more than once");
        Assert.All(again, results =>
            Assert.Single(
                results
                    .Select(result => JsonSerializer.Serialize(Numbers(result.Measured!), MonitorJson.Options))
                    .Distinct()
            )
        );
    }

    private static IEnumerable<object> Numbers(Measured measured) =>
        measured
            .Report.Measurements.Cast<SpectrumMeasurement>()
            .Select(spectrum => new
            {
                spectrum.Density,
                spectrum.Eigenvalues,
                spectrum.Smallest,
                spectrum.Trace,
            });

    // Nothing waits, nobody is busy, nothing was given up; an answer that comes late is asked for again.
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
            && hosts.Select(host => host.GetProperty("open_jobs").GetInt32()).SequenceEqual([0])
            && document
                .RootElement.GetProperty("queues")
                .EnumerateArray()
                .All(queue => queue.GetProperty("ready").GetInt64() == 0)
            && document.RootElement.GetProperty("dead_letters").GetInt64() == 0;
    }
}
