using System.Text.RegularExpressions;
using CurvatureMonitor.Chaos.Tests.Support;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Chaos.Tests;

/// <summary>
/// A checkpoint at whose parameters the model ends the process, never returns, or wants all memory, whoever measures
/// it.
/// </summary>
public sealed partial class PoisonTests
{
    private const long Poison = 2;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task A_checkpoint_that_ends_every_worker_is_given_up_its_run_is_degraded_and_the_others_go_on()
    {
        await using var cluster = await ProcessCluster.StartAsync();
        using var prometheus = new PrometheusServer(cluster.Port);
        var sick = SmallModel.Write(Path.Combine(cluster.Watched, "sick"), "sick", SmallModel.Trapped);
        Trainer[] others =
        [
            new WatchedTrainer(SmallModel.Write(Path.Combine(cluster.Watched, "well"), "well"), Interval),
            new WatchedTrainer(SmallModel.Write(Path.Combine(cluster.Watched, "hale"), "hale"), Interval),
        ];
        var history = cluster.History("sick");
        sick.WriteStep(1);
        await Until.HoldsAsync("the first checkpoint is measured", () => history.Measured == 1, cluster.Say);
        Assert.Equal(0, await DegradedAsync(prometheus));
        foreach (var trainer in others)
        {
            trainer.Start();
        }

        sick.WritePoison(Poison);
        await Until.HoldsAsync(
            "the poison is given up",
            () => history.Steps("checkpoint_dropped").Contains(Poison),
            cluster.Say
        );
        NobodyWaitsForMoreThanOneDeath(cluster, others);
        Assert.Equal("poison", history.Events("checkpoint_dropped").Single().GetProperty("reason").GetString());
        Assert.Equal(Poison, Assert.Single(history.Steps("run_degraded")));

        // The host may learn of a death before the supervisor has said so.
        await Until.HoldsAsync("four workers have died", () => Deaths(cluster) == 4, cluster.Say);
        await prometheus.UntilAsync("the run is degraded", async () => await DegradedAsync(prometheus) == 1);
        var firing = await prometheus.QueryAsync(AlertExpression());
        Assert.Equal("sick", Assert.Single(firing).Labels["run"]);
        Assert.Contains("of sick at step 2 ended 4 workers", cluster.Say(), StringComparison.Ordinal);

        // The run itself goes on.
        sick.WriteStep(3);
        sick.Bundle.WriteFinish(new Storage.Bundles.FinishMark(false));
        await Task.WhenAll(others.Select(trainer => trainer.FinishAsync()));
        foreach (string run in others.Select(trainer => trainer.Run).Append("sick"))
        {
            await Until.HoldsAsync(
                $"{run} has ended",
                () => cluster.History(run).Events("run_ended").Count == 1,
                cluster.Say
            );
        }

        Assert.Equal([1, 3], history.Steps("checkpoint_measured"));
        Assert.All(others, trainer =>
        {
            var other = cluster.History(trainer.Run);
            Assert.Empty(other.Steps("run_degraded"));
            Assert.Equal(
                trainer.Emitted,
                other.Steps("checkpoint_measured").Concat(other.Steps("checkpoint_dropped")).Order()
            );
            Assert.Contains(trainer.Emitted[^1], other.Steps("checkpoint_measured"));
        });
        Assert.Equal(4, Deaths(cluster));
        await cluster.StopAsync();
    }

    [Fact]
    public async Task A_job_beyond_its_time_ends_four_workers_and_has_failed_then()
    {
        // On a busy machine any job may take longer than this: there is no other.
        await using var cluster = await ProcessCluster.StartAsync(16, "--job-timeout", "2");
        var sick = SmallModel.Write(Path.Combine(cluster.Watched, "sick"), "sick", SmallModel.Endless);
        sick.WritePoison(Poison);
        sick.Bundle.WriteFinish(new Storage.Bundles.FinishMark(false));
        var history = cluster.History("sick");
        await Until.HoldsAsync("the run has ended", () => history.Events("run_ended").Count == 1, cluster.Say);
        var failed = Assert.Single(history.Events("analysis_failed"));
        Assert.Equal("timed_out", failed.GetProperty("reason").GetString());
        Assert.Equal(4, failed.GetProperty("attempts").GetInt32());
        Assert.Equal(Poison, Assert.Single(history.Steps("run_degraded")));
        await Until.HoldsAsync(
            "four workers have ended",
            () => cluster.Say().Split("ended with exit code 75; another one starts").Length - 1 == 4,
            cluster.Say
        );
        await Until.HoldsAsync(
            "both workers are idle",
            () =>
                ProcessCluster.WorkerNames.All(name =>
                    cluster.Watch.Worker(name) is { State: "idle", JobsDone: 0 }
                ),
            cluster.Say
        );
        await cluster.StopAsync();
    }

    [Fact]
    public async Task A_job_that_wants_more_memory_than_there_is_has_failed_and_costs_no_worker()
    {
        await using var cluster = await ProcessCluster.StartAsync(16, "--memory-limit", "4000");
        var sick = SmallModel.Write(Path.Combine(cluster.Watched, "sick"), "sick", SmallModel.Hoarding);
        var history = cluster.History("sick");
        sick.WritePoison(Poison);
        await Until.HoldsAsync(
            "the analysis has failed",
            () => history.Events("analysis_failed").Count == 1,
            cluster.Say
        );
        sick.WriteStep(3);
        sick.Bundle.WriteFinish(new Storage.Bundles.FinishMark(false));
        await Until.HoldsAsync("the run has ended", () => history.Events("run_ended").Count == 1, cluster.Say);
        Assert.Equal([3], history.Steps("checkpoint_measured"));
        var failed = Assert.Single(history.Events("analysis_failed"));
        Assert.Equal("out_of_memory", failed.GetProperty("reason").GetString());
        Assert.Equal(0, Deaths(cluster));
        await cluster.StopAsync();
    }

    // A checkpoint of another run waits for the attempt that is before it in line, and for one more that may begin
    // before it is offered; never for all.
    private static void NobodyWaitsForMoreThanOneDeath(ProcessCluster cluster, Trainer[] others)
    {
        var begun = cluster.Watch.Started;
        var attempts = begun
            .Where(start => start.Job.Run == "sick" && start.Job.Step == Poison)
            .Select(start => start.At)
            .ToList();

        // Four, as the deaths are; a worker may be dead before it is seen.
        Assert.InRange(attempts.Count, 2, 4);
        foreach (var trainer in others)
        {
            var starts = begun.Where(start => start.Job.Run == trainer.Run).Select(start => start.At).ToList();
            foreach (
                var taken in cluster
                    .History(trainer.Run)
                    .Events("checkpoint_taken")
                    .Select(line => line.GetProperty("time").GetDateTimeOffset().UtcDateTime)
            )
            {
                if (starts.Where(start => start > taken).Cast<DateTime?>().Min() is { } next)
                {
                    Assert.InRange(attempts.Count(attempt => attempt > taken && attempt < next), 0, 2);
                }
            }
        }
    }

    private static async Task<double> DegradedAsync(PrometheusServer prometheus)
    {
        double value = double.NaN;
        await prometheus.UntilAsync("the run is scraped", async () =>
        {
            var found = await prometheus.QueryAsync("curvature_run_degraded{run=\"sick\"}");
            value = found.Count == 1 ? found[0].Value : double.NaN;
            return found.Count == 1;
        });
        return value;
    }

    private static int Deaths(ProcessCluster cluster) => cluster.Say().Split("another one starts in").Length - 1;

    // The rule as it is deployed, without the time for which it must hold.
    private static string AlertExpression()
    {
        string rules = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "monitoring", "alerts.yml"));
        return Regex
            .Replace(
                Assert
                    .Single(Rule().Matches(rules), match =>
                        match.Value.Contains("curvature_run_degraded", StringComparison.Ordinal)
                    )
                    .Groups["expression"]
                    .Value,
                @"\s+",
                " "
            )
            .Trim();
    }

    [GeneratedRegex(
        @"- alert: \w+\n\s+expr: (?:[|>]-?\n)?(?<expression>.*?)\n\s+(?:for|keep_firing_for|labels):",
        RegexOptions.Singleline
    )]
    private static partial Regex Rule();
}
