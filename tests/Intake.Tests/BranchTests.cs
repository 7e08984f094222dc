using System.Net;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>Trainings that are taken up again from an earlier step, and checkpoints that are mended.</summary>
public sealed class BranchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Over_HTTP_a_new_session_at_a_passed_step_begins_a_branch_that_metrics_and_history_follow()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 5, 10, 15);
        (await trainer.RegisterAsync()).Dispose();
        foreach (long step in new[] { 5L, 10, 15 })
        {
            await AcceptedAsync(trainer, step, 15, "first");
            await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == step);
        }

        (await trainer.RegisterAsync()).Dispose();
        await AcceptedAsync(trainer, 10, 5, "second");
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e is { Step: 10, Branch: 2 });
        Assert.Equal(10, (await served.Events.FirstAsync<RunBranched>("mlp")).Step);

        // The one that was left goes on, and is told so.
        using (var late = await trainer.SendAsync(15, trainer.Tensors(10), Header(15, "first")))
        {
            Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
            Assert.Contains("Taken over", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await AcceptedAsync(trainer, 15, 10, "second");
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e is { Step: 15, Branch: 2 });
        string metrics = await served.Client.GetStringAsync("/metrics");
        Assert.Contains("curvature_run_branch{run=\"mlp\"} 2", metrics, StringComparison.Ordinal);
        Assert.Contains("curvature_training_step{run=\"mlp\"} 15", metrics, StringComparison.Ordinal);
        var training = (await served.GetAsync("/api/runs/mlp/history")).GetProperty("training").EnumerateArray();
        Assert.Equal(
            [(5, 1), (10, 1), (15, 1), (10, 2), (15, 2)],
            training.Select(point =>
                (
                    point.GetProperty("step").GetInt32(),
                    point.TryGetProperty("branch", out var branch) ? branch.GetInt32() : 1
                )
            )
        );
    }

    [Fact]
    public async Task A_branch_is_still_one_after_the_server_was_restarted()
    {
        var sent = _folder["sent"];
        await using (var served = await ServedIntake.StartAsync(_folder["data"]))
        {
            var trainer = new TinyTrainer(served.Client, sent, "mlp", 5, 10);
            (await trainer.RegisterAsync()).Dispose();
            await AcceptedAsync(trainer, 5, 5, "first");
            await AcceptedAsync(trainer, 10, 10, "first");
            await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 10);
        }

        await using var again = await ServedIntake.StartAsync(_folder["data"]);
        var same = new TinyTrainer(again.Client, _folder["again"], "mlp", 5, 10);
        (await same.RegisterAsync()).Dispose();
        await AcceptedAsync(same, 5, 10, "second");
        await again.Events.FirstAsync<CheckpointMeasured>("mlp", e => e is { Step: 5, Branch: 2 });
    }

    [Fact]
    public async Task In_a_folder_a_step_that_is_written_again_begins_a_branch()
    {
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 5, 10);
        Commit(bundle, 5, "first");
        Commit(bundle, 10, "first");
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 10);
        bundle.RemoveCheckpoint(10);
        Commit(bundle, 5, "second");
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e is { Step: 5, Branch: 2 });
        Assert.Equal(5, Assert.Single(served.Events.Of<RunBranched>("mlp")).Step);
    }

    [Fact]
    public async Task A_checkpoint_that_was_refused_is_taken_when_its_files_have_become_whole()
    {
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 1, 2);
        byte[] whole = File.ReadAllBytes(bundle.TensorsPath(2));
        bundle.RemoveCheckpoint(2);
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 1);
        File.WriteAllBytes(bundle.TensorsPath(2), whole[..^7]);
        Commit(bundle, 2, "first");
        await served.Events.FirstAsync<AnalysisFailed>("mlp", e => e.Step == 2);
        File.WriteAllBytes(bundle.TensorsPath(2), whole);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 2);
        Assert.Empty(served.Events.Of<RunBranched>("mlp"));
    }

    [Fact]
    public async Task A_folder_that_holds_another_run_of_the_name_is_that_run()
    {
        var bundle = TinyBundle.Write(_folder["watched/mlp"], TinyBundle.Linear, "mlp", 5);
        var other = TinyBundle.Write(_folder["aside"], TinyBundle.Linear, "mlp", 3);
        string manifest = Path.Combine(other.Directory, "run.json");
        File.WriteAllText(
            manifest,
            File.ReadAllText(manifest).Replace("\"run\"", "\"id\": \"second\", \"run\"", StringComparison.Ordinal)
        );
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 5);
        Directory.Delete(bundle.Directory, recursive: true);
        Directory.Move(other.Directory, bundle.Directory);
        Assert.Equal(
            "its folder holds another run now",
            (await served.Events.FirstAsync<RunEnded>("mlp")).Summary.Failure
        );
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 3);
    }

    [Fact]
    public async Task What_is_too_long_for_a_header_may_stand_before_the_tensors()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        (await trainer.RegisterAsync()).Dispose();
        byte[] json = System.Text.Encoding.UTF8.GetBytes(
            $"{{\"step\": 1, \"loss\": 0.125, \"note\": \"{new string('x', 50_000)}\"}}"
        );
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/runs/mlp/checkpoints/1")
        {
            Content = new ByteArrayContent([.. json, .. trainer.Tensors(1)]),
        };
        request.Headers.TryAddWithoutValidation(
            "X-Checkpoint-Length",
            json.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        using var sent = await served.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 1);
        Assert.Contains(
            "curvature_training_loss{run=\"mlp\"} 0.125",
            await served.Client.GetStringAsync("/metrics"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Resuming_with_another_schedule_is_the_same_run()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        (await trainer.RegisterAsync()).Dispose();
        string manifest = System.Text.Encoding.UTF8.GetString(trainer.Part("run.json"));
        var node = System.Text.Json.Nodes.JsonNode.Parse(manifest)!.AsObject();
        node["training"] = new System.Text.Json.Nodes.JsonObject { ["optimizer"] = "adam", ["learning_rate"] = 1e-5 };
        node["id"] = "another";
        using var again = await trainer.RegisterAsync(
            new() { ["run.json"] = System.Text.Encoding.UTF8.GetBytes(node.ToJsonString()) }
        );
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    private static string Header(long step, string session) =>
        $"{{\"step\": {step}, \"loss\": 0.5, \"session\": \"{session}\"}}";

    private static async Task AcceptedAsync(TinyTrainer trainer, long step, long tensorsOf, string session)
    {
        using var sent = await trainer.SendAsync(step, trainer.Tensors(tensorsOf), Header(step, session));
        Assert.Equal("accepted", await TinyTrainer.StateAsync(sent));
    }

    private static void Commit(RunBundle bundle, long step, string session) =>
        File.WriteAllText(
            Path.Combine(bundle.Directory, "checkpoints", $"step-{step:D8}.json"),
            Header(step, session)
        );
}
