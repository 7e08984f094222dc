using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>Runs that appear in watched folders.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_bundle_that_appears_is_a_run_and_each_checkpoint_is_taken_once_when_its_json_is_there()
    {
        Directory.CreateDirectory(_folder["watched"]);
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 1);

        // Tensors without their JSON are not committed.
        File.Copy(bundle.TensorsPath(1), bundle.TensorsPath(2));
        await Task.Delay(200);
        Assert.Single(served.Events.Of<CheckpointTaken>("mlp"));
        File.WriteAllText(
            Path.Combine(bundle.Directory, "checkpoints", "step-00000002.json"),
            "{\"step\":2,\"loss\":0.5}"
        );
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 2);
        bundle.WriteFinish(new FinishMark(false));
        var summary = (await served.Events.FirstAsync<RunEnded>("mlp")).Summary;
        Assert.Equal(
            (RunOutcome.Finished, 2L, 2L, 0.5),
            (summary.Outcome, summary.Emitted, summary.Measured, summary.FinalLoss)
        );
        Assert.Empty(served.Notices);
        Assert.Equal([1L, 2], bundle.CheckpointSteps());
    }

    [Fact]
    public async Task A_run_whose_trainer_falls_silent_is_shown_as_stale_until_it_is_heard()
    {
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1);
        var options = new IntakeOptions { StaleAfter = TimeSpan.FromSeconds(1) };
        await using var served = await ServedIntake.StartAsync(_folder["data"], options, watched: _folder["watched"]);
        await served.Events.FirstAsync<TrainerSilent>("mlp");
        Assert.Equal("stale", await ShownAsync());
        Assert.Contains(
            "curvature_run_state{run=\"mlp\",state=\"stale\"} 1",
            await served.Client.GetStringAsync("/metrics"),
            StringComparison.Ordinal
        );
        var events = (await served.GetAsync("/api/runs/mlp/history"))
            .GetProperty("events")
            .EnumerateArray()
            .Select(told => told.GetProperty("text").GetString());
        Assert.Contains("nothing heard from the trainer for 1.0 s", events);

        File.Copy(bundle.TensorsPath(1), bundle.TensorsPath(2));
        File.WriteAllText(
            Path.Combine(bundle.Directory, "checkpoints", "step-00000002.json"),
            "{\"step\":2,\"loss\":0.5}"
        );
        await served.Events.FirstAsync<TrainerHeard>("mlp");
        bundle.WriteFinish(new FinishMark(false));
        await served.Events.FirstAsync<RunEnded>("mlp");
        Assert.Equal("finished", await ShownAsync());

        async Task<string?> ShownAsync() =>
            (await served.GetAsync("/api/runs"))
                .GetProperty("runs")
                .EnumerateArray()
                .Single()
                .GetProperty("state")
                .GetString();
    }

    [Fact]
    public async Task A_watched_folder_may_be_the_bundle_itself_and_a_run_that_is_over_is_measured_whole()
    {
        var bundle = TinyBundle.Write(_folder["mlp"], TinyBundle.Linear, "mlp", 1, 2, 3, 4, 5);
        bundle.WriteFinish(new FinishMark(false));
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["mlp"]);
        var summary = (await served.Events.FirstAsync<RunEnded>("mlp")).Summary;
        Assert.Equal((5L, 5L), (summary.Emitted, summary.Measured));
    }

    [Fact]
    public async Task A_bundle_that_cannot_be_used_is_told_once_and_taken_when_it_is_mended()
    {
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1);
        string manifest = Path.Combine(bundle.Directory, "run.json"),
            good = File.ReadAllText(manifest);
        File.WriteAllText(manifest, good.Replace("\"eval\"", "\"test\"", StringComparison.Ordinal));
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        await Until.HoldsAsync(() => !served.Notices.IsEmpty);
        await Task.Delay(300);
        Assert.Contains(
            "'batch_norm' is 'test'; write train or eval or recompute",
            Assert.Single(served.Notices),
            StringComparison.Ordinal
        );
        File.WriteAllText(manifest, good);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp");
    }

    [Fact]
    public async Task Two_bundles_of_one_name_are_not_mixed()
    {
        TinyBundle.Write(_folder["watched/a"], TinyBundle.Linear, "mlp", 1);
        TinyBundle.Write(_folder["watched/b"], TinyBundle.Linear, "mlp", 2);
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 1);
        await Until.HoldsAsync(() => !served.Notices.IsEmpty);
        Assert.Contains("give this run another name", Assert.Single(served.Notices), StringComparison.Ordinal);
        Assert.Single(served.Events.Of<CheckpointTaken>("mlp"));
    }

    [Fact]
    public async Task Twenty_runs_at_once_are_measured_each_at_its_own_cadence_while_the_server_answers()
    {
        const int runs = 20;
        long[] steps = [1, 2, 3, 4, 5, 6];
        var bundles = Enumerable
            .Range(1, runs)
            .Select(i => TinyBundle.Write(_folder[$"watched/run{i}"], TinyBundle.Linear, $"run{i}", steps))
            .ToList();
        for (int i = 0; i < runs; i++)
        {
            // Run k measures every (k mod 3 + 1)-th checkpoint.
            string path = Path.Combine(bundles[i].Directory, "run.json"),
                text = File.ReadAllText(path);
            File.WriteAllText(
                path,
                text.Replace(
                    "\"training\":",
                    $"\"monitoring\": {{\"every\": {(i % 3) + 1}}}, \"training\":",
                    StringComparison.Ordinal
                )
            );
            bundles[i].WriteFinish(new FinishMark(false));
        }

        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        int answers = 0;
        while (Enumerable.Range(1, runs).Any(i => served.Events.Of<RunEnded>($"run{i}").Count == 0))
        {
            Assert.Equal("ok", await served.Client.GetStringAsync("/healthz").WaitAsync(Until.Patience));
            await served.Client.GetStringAsync("/metrics").WaitAsync(Until.Patience);
            answers++;
        }

        Assert.InRange(answers, 1, int.MaxValue);
        for (int i = 0; i < runs; i++)
        {
            var summary = served.Events.Of<RunEnded>($"run{i + 1}").Single().Summary;
            int every = (i % 3) + 1;
            Assert.Equal(6, summary.Emitted);
            // The first and every n-th after it, and the final one, which comes when the end was told already.
            Assert.Equal(
                Enumerable.Range(0, 6).Count(ordinal => ordinal % every == 0 || ordinal == 5),
                (int)summary.Measured
            );
            Assert.Equal(summary.Emitted, summary.Measured + summary.Dropped.Values.Sum());
        }
    }

    private static void WriteStep(RunBundle bundle, long step)
    {
        File.Copy(bundle.TensorsPath(1), bundle.TensorsPath(step));
        File.WriteAllText(
            Path.Combine(bundle.Directory, "checkpoints", $"step-{step:D8}.json"),
            $"{{\"step\":{step},\"loss\":0.5,\"learning_rate\":0.25}}"
        );
    }
}
