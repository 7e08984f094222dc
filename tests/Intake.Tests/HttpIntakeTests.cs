using System.Net;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>A run over HTTP, from its bundle to its end.</summary>
public sealed class HttpIntakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_is_registered_measured_and_finished()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1, 2, 3);
        using var registered = await trainer.RegisterAsync();
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        foreach (long step in new[] { 1L, 2, 3 })
        {
            using var sent = await trainer.SendAsync(step);
            Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            Assert.Equal("accepted", await TinyTrainer.StateAsync(sent));
            await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == step);
        }

        string metrics = await served.Client.GetStringAsync("/metrics");
        Assert.Contains("curvature_training_step{run=\"mlp\"} 3", metrics, StringComparison.Ordinal);
        Assert.Contains("curvature_training_loss{run=\"mlp\"} 0.25", metrics, StringComparison.Ordinal);
        Assert.Contains("curvature_stability_limit{run=\"mlp\",kind=\"full\"} 15.2", metrics, StringComparison.Ordinal);
        using var finished = await trainer.FinishAsync();
        Assert.Equal("finished", await TinyTrainer.StateAsync(finished));
        var summary = (await served.Events.FirstAsync<RunEnded>("mlp")).Summary;
        Assert.Equal((RunOutcome.Finished, 3L, 3L), (summary.Outcome, summary.Emitted, summary.Measured));
        Assert.Equal([1L, 2, 3], (await served.SharpnessAsync("mlp")).Keys);
        Assert.Equal(
            "finished",
            (await served.GetAsync("/api/runs/mlp/history")).GetProperty("run").GetProperty("state").GetString()
        );
    }

    [Fact]
    public async Task What_is_measured_over_HTTP_is_what_analyze_measures()
    {
        await using var served = await ServedIntake.StartAsync(
            _folder["data"],
            new IntakeOptions { ElementType = ElementType.Float64 }
        );
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 5);
        using (await trainer.RegisterAsync())
        using (await trainer.SendAsync(5))
        {
            await served.Events.FirstAsync<CheckpointMeasured>("mlp");
        }

        using var process = HostProcess.Start(
            "analyze",
            trainer.Bundle.Directory,
            "--analyses",
            "spectrum",
            "--operators",
            "hessian",
            "--json",
            "--dtype",
            "float64"
        );
        Assert.Equal(0, await process.ExitCodeAsync());
        using var document = System.Text.Json.JsonDocument.Parse(process.Output);
        double expected = document
            .RootElement.GetProperty("operators")
            .GetProperty("hessian")
            .GetProperty("lambda_max")
            .GetDouble();

        // Six Lanczos steps of fifteen parameters are not all; the residual bound of the served one holds for both.
        var measured = served.Events.Of<CheckpointMeasured>("mlp")[0].Measurements[0].LambdaMax!;
        Assert.InRange(Math.Abs(measured.Value - expected), 0, measured.Error + 1e-9);
    }

    [Fact]
    public async Task The_same_bundle_again_goes_on_and_another_one_of_its_name_is_a_conflict()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        using (var first = await trainer.RegisterAsync())
        using (var again = await trainer.RegisterAsync())
        {
            Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        }

        string manifest = System.Text.Encoding.UTF8.GetString(trainer.Part("run.json"));
        using var other = await trainer.RegisterAsync(
            new()
            {
                ["run.json"] = System.Text.Encoding.UTF8.GetBytes(
                    manifest.Replace("\"eval\"", "\"train\"", StringComparison.Ordinal)
                ),
            }
        );
        await Problems.AssertAsync(other, HttpStatusCode.Conflict, "another manifest");
    }

    [Fact]
    public async Task A_checkpoint_sent_again_is_accepted_once_and_another_of_its_step_is_a_conflict()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1, 2);
        using (await trainer.RegisterAsync())
        using (var first = await trainer.SendAsync(1))
        using (var again = await trainer.SendAsync(1))
        using (var other = await trainer.SendAsync(1, trainer.Tensors(2)))
        {
            Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
            await Problems.AssertAsync(other, HttpStatusCode.Conflict, "step 1");
        }

        using (await trainer.FinishAsync())
        {
            Assert.Equal(1, (await served.Events.FirstAsync<RunEnded>("mlp")).Summary.Emitted);
        }
    }

    [Fact]
    public async Task A_checkpoint_that_comes_after_a_later_one_is_superseded_and_counted()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1, 2);
        using (await trainer.RegisterAsync())
        using (await trainer.SendAsync(2))
        using (var late = await trainer.SendAsync(1))
        using (var again = await trainer.SendAsync(1))
        {
            Assert.Equal(HttpStatusCode.Accepted, late.StatusCode);
            Assert.Equal("superseded", await TinyTrainer.StateAsync(late));
            Assert.Equal("superseded", await TinyTrainer.StateAsync(again));
        }

        using var finished = await trainer.FinishAsync("{\"state\":\"failed\"}");
        var summary = (await served.Events.FirstAsync<RunEnded>("mlp")).Summary;
        Assert.Equal((RunOutcome.Failed, 2L, 1L), (summary.Outcome, summary.Emitted, summary.Measured));
        Assert.Equal(1, summary.Dropped[DropReason.Superseded]);
    }

    [Fact]
    public async Task A_run_that_is_over_takes_no_checkpoint_until_its_bundle_is_sent_again()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1, 2);
        using (await trainer.RegisterAsync())
        using (await trainer.SendAsync(1))
        using (await trainer.FinishAsync())
        {
            await served.Events.FirstAsync<RunEnded>("mlp");
            await Until.HoldsAsync(() => served.Service.Find("mlp")!.HasEnded);
        }

        using (var refused = await trainer.SendAsync(2))
        {
            await Problems.AssertAsync(refused, HttpStatusCode.Conflict, "PUT its bundle again");
        }

        using (var again = await trainer.RegisterAsync())
        using (var sent = await trainer.SendAsync(2))
        {
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Accepted), (again.StatusCode, sent.StatusCode));
        }

        await served.Events.FirstAsync<CheckpointMeasured>("mlp", e => e.Step == 2);
        Assert.Single(served.Events.Of<CheckpointMeasured>("mlp"), e => e.Step == 1);
        Assert.Equal([1L, 2], (await served.SharpnessAsync("mlp")).Keys);
    }

    [Fact]
    public async Task With_a_token_nobody_gets_in_without_it()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"], token: "s3cret");
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        foreach (string? shown in new[] { null, "Bearer wrong", "Basic s3cret", "Bearer s3cret2", "Bearer " })
        {
            served.Client.DefaultRequestHeaders.Remove("Authorization");
            if (shown is not null)
            {
                served.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", shown);
            }

            foreach (var attempt in new[] { trainer.RegisterAsync(), trainer.SendAsync(1), trainer.FinishAsync() })
            {
                using var response = await attempt;
                await Problems.AssertAsync(response, HttpStatusCode.Unauthorized, "Bearer");
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            }
        }

        served.Client.DefaultRequestHeaders.Remove("Authorization");
        served.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer s3cret");
        using var registered = await trainer.RegisterAsync();
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await served.Client.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public async Task The_last_checkpoints_and_those_with_measurements_are_kept_while_they_fit()
    {
        // Every third checkpoint is measured; two are kept of those that are not.
        var options = new IntakeOptions
        {
            Analyses = [new(AnalysisKind.Spectrum, 3)],
            Retention = new BundleRetention { Last = 2 },
        };
        await using var served = await ServedIntake.StartAsync(_folder["data"], options);
        long[] steps = [.. Enumerable.Range(1, 10).Select(step => (long)step)];
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", steps);
        using (await trainer.RegisterAsync())
        {
            foreach (long step in steps)
            {
                using var sent = await trainer.SendAsync(step);
                await Until.HoldsAsync(() => served.Service.Find("mlp")!.Uses.Of(step) != CheckpointUse.Open);
            }
        }

        served.Service.MarkForSweep();
        served.Service.Sweep();
        Assert.Equal([1L, 4, 7, 9, 10], served.Service.Find("mlp")!.Bundle.CheckpointSteps());
        using var again = await trainer.SendAsync(5);
        Assert.Equal("superseded", await TinyTrainer.StateAsync(again));
    }

    [Fact]
    public async Task Checkpoints_do_not_take_more_disk_than_they_may()
    {
        int size = new TinyTrainer(new HttpClient(), _folder["sample"], "sample", 1).Tensors(1).Length;
        var options = new IntakeOptions
        {
            Retention = new BundleRetention { Last = 10, MaximumBytes = (3 * size) + (size / 2) },
        };
        await using var served = await ServedIntake.StartAsync(_folder["data"], options);
        long[] steps = [.. Enumerable.Range(1, 8).Select(step => (long)step)];
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", steps);
        using (await trainer.RegisterAsync())
        {
            foreach (long step in steps)
            {
                using var sent = await trainer.SendAsync(step);
                Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
                await Until.HoldsAsync(() => served.Service.Find("mlp")!.Uses.Of(step) != CheckpointUse.Open);
                Assert.InRange(served.Service.Find("mlp")!.Bundle.CheckpointSteps().Count, 1, 4);
            }
        }

        served.Service.MarkForSweep();
        served.Service.Sweep();
        Assert.Equal([6L, 7, 8], served.Service.Find("mlp")!.Bundle.CheckpointSteps());

        // What was measured stays in the history.
        Assert.Equal(steps, (await served.SharpnessAsync("mlp")).Keys);
    }
}
