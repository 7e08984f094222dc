using System.Globalization;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>What is left after a restart of runs that appeared in watched folders.</summary>
public sealed class WatchRestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task After_a_restart_metrics_and_page_come_back_and_nothing_is_measured_again()
    {
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1);
        string before;
        SortedDictionary<long, double> measured;
        await using (var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]))
        {
            await served.Events.FirstAsync<CheckpointMeasured>("mlp");
            before = await MetricsAsync(served);
            measured = await served.SharpnessAsync("mlp");
            await served.StopAsync();
        }

        await using (var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]))
        {
            await Until.HoldsAsync(() => served.Events.Replayed.OfType<CheckpointMeasured>().Any());
            await Until.HoldsAsync(() => AreSame(before, MetricsAsync(served).Result));
            Assert.Equal(measured, await served.SharpnessAsync("mlp"));
            WriteStep(bundle, 2);
            await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 2);
            Assert.Equal([2L], served.Events.Of<CheckpointTaken>("mlp").Select(e => e.Step));
            bundle.WriteFinish(new FinishMark(false));
            Assert.Equal(2, (await served.Events.FirstAsync<RunEnded>("mlp")).Summary.Measured);
            await served.StopAsync();
        }

        // Over and known: told again, shown, not measured.
        await using (var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]))
        {
            await Until.HoldsAsync(() => served.Events.Replayed.OfType<RunEnded>().Any());
            await Task.Delay(200);
            Assert.Equal([1L, 2], (await served.SharpnessAsync("mlp")).Keys);
            Assert.Empty(served.Events.Of<CheckpointTaken>("mlp"));
            Assert.Contains(
                "curvature_run_state{run=\"mlp\",state=\"finished\"} 1",
                await served.Client.GetStringAsync("/metrics"),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_run_whose_grace_period_is_over_is_in_the_history_alone()
    {
        var options = new IntakeOptions { GracePeriod = TimeSpan.Zero };
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1);
        bundle.WriteFinish(new FinishMark(false));
        for (int start = 0; start < 2; start++)
        {
            await using var served = await ServedIntake.StartAsync(
                _folder["data"],
                options,
                watched: _folder["watched"]
            );
            await Until.HoldsAsync(() =>
                served.Events.Of<RunEnded>("mlp").Count + served.Events.Replayed.OfType<RunEnded>().Count() == 1
            );
            Assert.DoesNotContain(
                "run=\"mlp\"",
                await served.Client.GetStringAsync("/metrics"),
                StringComparison.Ordinal
            );
            Assert.Equal(
                "finished",
                (await served.GetAsync("/api/runs/mlp/history")).GetProperty("run").GetProperty("state").GetString()
            );
            Assert.Single(await served.SharpnessAsync("mlp"));
        }
    }

    [Fact]
    public async Task Another_bundle_in_the_place_of_an_old_one_is_another_run()
    {
        TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1);
        await using (var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]))
        {
            await served.Events.FirstAsync<CheckpointMeasured>("mlp");
        }

        Directory.Delete(_folder["watched/mlp"], recursive: true);
        TinyBundle.Write(
            _folder["watched/mlp"],
            TinyBundle.Random.Replace("torch.rand_like(x)", "0.5", StringComparison.Ordinal),
            "mlp",
            1
        );
        await using (var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]))
        {
            await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 1);
            Assert.Empty(served.Events.Replayed);
        }

        Assert.Equal(2, Directory.EnumerateFiles(_folder["data/history"]).Count());
    }

    private static void WriteStep(RunBundle bundle, long step)
    {
        File.Copy(bundle.TensorsPath(1), bundle.TensorsPath(step));
        File.WriteAllText(
            Path.Combine(bundle.Directory, "checkpoints", $"step-{step:D8}.json"),
            $"{{\"step\":{step},\"loss\":0.5,\"learning_rate\":0.25}}"
        );
    }

    // What belongs to the run, without what the clock alone moves.
    private static async Task<string> MetricsAsync(ServedIntake served) =>
        string.Join(
            '\n',
            (await served.Client.GetStringAsync("/metrics"))
                .Split('\n')
                .Where(line =>
                    line.Contains("run=\"mlp\"", StringComparison.Ordinal)
                    && !line.Contains("overhead", StringComparison.Ordinal)
                    && !line.Contains("age_seconds", StringComparison.Ordinal)
                )
                .Order()
        );

    // What is derived from a density anew may differ in the last digit: its weights are divided by their sum once more.
    private static bool AreSame(string expected, string actual)
    {
        string[] before = expected.Split('\n'),
            after = actual.Split('\n');
        return before.Length == after.Length
            && before
                .Zip(after)
                .All(pair =>
                    Series(pair.First) == Series(pair.Second)
                    && Math.Abs(Value(pair.First) - Value(pair.Second)) <= 1e-12 * Math.Abs(Value(pair.First))
                );

        static string Series(string line) => line[..line.LastIndexOf(' ')];
        static double Value(string line) =>
            double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
