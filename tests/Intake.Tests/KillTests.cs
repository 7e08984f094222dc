using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>
/// A real server that is killed in the middle of everything, again and again: what was committed is not lost, and what
/// was measured stays as it was.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_committed_is_lost_and_nothing_is_measured_twice_as_something_else()
    {
        const int steps = 24;
        long[] all = [.. Enumerable.Range(1, steps).Select(step => (long)step)];
        using var nobody = new HttpClient();
        var source = new TinyTrainer(nobody, _folder["sent"], "mlp", all);
        var watched = TinyBundle.Write(_folder["watched/seen"], TinyBundle.Linear, "seen", 1);
        var accepted = new HashSet<long>();
        var seen = new Dictionary<(string Run, long Step), double>();
        long next = 1;
        for (int life = 0; next <= steps; life++)
        {
            using var server = Serve();
            using var client = new HttpClient { BaseAddress = await server.AddressAsync() };
            var trainer = new TinyTrainer(client, source);
            using (var registered = await trainer.RegisterAsync())
            {
                Assert.Equal(life == 0 ? HttpStatusCode.Created : HttpStatusCode.OK, registered.StatusCode);
            }

            // The kill comes after a while that is another one in each life: in the middle of a request, of a commit,
            // of a measurement.
            using var killed = new CancellationTokenSource();
            var sending = SendAsync(trainer, killed.Token);
            await Task.Delay(40 + (life * 37 % 150));
            await RememberAsync(client, seen);
            await server.KillAsync();
            await killed.CancelAsync();
            await sending;
        }

        async Task SendAsync(TinyTrainer trainer, CancellationToken cancellation)
        {
            try
            {
                for (int sent = 0; sent < 5 && next <= steps && !cancellation.IsCancellationRequested; sent++)
                {
                    long step = next;
                    using var response = await trainer.SendAsync(step, source.Tensors(step));
                    Assert.True(
                        response.IsSuccessStatusCode,
                        await response.Content.ReadAsStringAsync(CancellationToken.None)
                    );
                    accepted.Add(step);
                    next = step + 1;
                    await Task.Delay(10, CancellationToken.None);
                }
            }
            catch (HttpRequestException)
            {
                // Killed. The trainer sends this step again in the next life.
            }
        }

        // The last life is left alone until all is accounted for.
        using var last = Serve();
        using var http = new HttpClient { BaseAddress = await last.AddressAsync() };
        var end = new TinyTrainer(http, source);
        using (await end.RegisterAsync())
        using (await end.FinishAsync())
        {
            watched.WriteFinish(new Storage.Bundles.FinishMark(false));
        }

        await StateAsync(http, "mlp", "finished");
        await StateAsync(http, "seen", "finished");
        var final = new Dictionary<(string, long), double>();
        await RememberAsync(http, final);
        Assert.All(seen, pair => Assert.Equal(pair.Value, final[pair.Key]));

        // One line of the journal takes each checkpoint, and one measures or passes it.
        var journal = File.ReadLines(_folder["data/history/mlp.jsonl"])
            .Skip(1)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        List<long> Steps(string kind) =>
            [
                .. journal
                    .Where(line => line.GetProperty("event").GetString() == kind)
                    .Select(line => line.GetProperty("step").GetInt64())
                    .Order(),
            ];
        Assert.Equal(all, accepted.Order());
        Assert.Equal(all, Steps("checkpoint_taken"));
        Assert.Equal(all, Steps("checkpoint_measured").Concat(Steps("checkpoint_dropped")).Order());
        Assert.Contains(24L, Steps("checkpoint_measured"));

        string metrics = await http.GetStringAsync("/metrics");
        Assert.Contains(
            $"curvature_checkpoints_emitted_total{{run=\"mlp\"}} {steps}\n",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"curvature_jobs_total{{run=\"mlp\",analysis=\"spectrum\",outcome=\"ok\"}} "
                + $"{Steps("checkpoint_measured").Count}\n",
            metrics,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.EnumerateFiles(_folder["data"], "*.unfinished", SearchOption.AllDirectories));
        await last.InterruptAsync();
        Assert.Equal(0, await last.ExitCodeAsync());
        Assert.Equal(string.Empty, last.Errors);
    }

    [Fact]
    public async Task A_measurement_that_a_kill_cut_short_is_made_after_the_restart_as_if_nothing_had_been()
    {
        string place = _folder["watched/slow"];
        using (
            var training = HostProcess.Start(
                "train",
                "--model",
                "mlp",
                "--steps",
                "1",
                "--checkpoint-every",
                "1",
                "--probe-samples",
                "1000",
                "--analyses",
                "spectrum",
                "--lanczos-steps",
                "2",
                "--exit",
                "--port",
                "0",
                "--run",
                "slow",
                "--save",
                place
            )
        )
        {
            Assert.Equal(0, await training.ExitCodeAsync());
        }

        var killed = await MeasuredAsync(_folder["killed"], kill: true);
        var undisturbed = await MeasuredAsync(_folder["undisturbed"], kill: false);
        Assert.Equal(undisturbed, killed);

        async Task<string> MeasuredAsync(string data, bool kill)
        {
            string[] serve =
            [
                "serve",
                "--watch",
                place,
                "--data-dir",
                data,
                "--port",
                "0",
                "--poll",
                "0.05",
                "--analyses",
                "spectrum",
                "--lanczos-steps",
                "60",
                "--threads",
                "1",
            ];
            string journal = Path.Combine(data, "history", "slow.jsonl");
            bool Has(string kind) =>
                File.Exists(journal) && File.ReadAllText(journal).Contains(kind, StringComparison.Ordinal);
            if (kill)
            {
                using var first = HostProcess.Start(serve);
                await Until.HoldsAsync(() => Has("checkpoint_taken"));
                await first.KillAsync();
                Assert.False(Has("checkpoint_measured"));
            }

            using var server = HostProcess.Start(serve);
            await Until.HoldsAsync(() => Has("checkpoint_measured"));
            var line = JsonDocument
                .Parse(
                    File.ReadLines(journal)
                        .Single(text => text.Contains("checkpoint_measured", StringComparison.Ordinal))
                )
                .RootElement;
            return string.Join(
                ';',
                line.GetProperty("measurements")
                    .EnumerateArray()
                    .Select(measurement => measurement.GetProperty("eigenvalues").GetRawText())
            );
        }
    }

    [Fact]
    public async Task A_data_directory_serves_one_server_at_a_time()
    {
        using var first = Serve();
        await first.AddressAsync();
        using var second = Serve();
        Assert.Equal(2, await second.ExitCodeAsync());
        Assert.Contains(
            "is in use by another 'curvature serve'",
            Assert.Single(second.Errors.Trim().Split('\n')),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("give --token-file", "--address", "0.0.0.0")]
    [InlineData("cannot be read", "--token-file", "/no/such/file")]
    [InlineData("--keep 0", "--keep", "0")]
    [InlineData("--poll 0", "--poll", "0")]
    [InlineData("--analyses everything: choose from", "--analyses", "everything")]
    [InlineData("--overhead-budget 0: give a number above 0", "--overhead-budget", "0")]
    [InlineData("--overhead-budget much: give a number above 0", "--overhead-budget", "much")]
    public async Task A_wrong_option_is_one_line_and_exit_code_2(string expected, params string[] options)
    {
        using var process = HostProcess.Start(["serve", "--data-dir", _folder["data"], "--port", "0", .. options]);
        Assert.Equal(2, await process.ExitCodeAsync());
        Assert.Contains(expected, Assert.Single(process.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task RememberAsync(HttpClient client, Dictionary<(string Run, long Step), double> seen)
    {
        foreach (string run in new[] { "mlp", "seen" })
        {
            using var response = await client.GetAsync($"/api/runs/{run}/history");
            if (!response.IsSuccessStatusCode)
            {
                continue;
            }

            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            foreach (
                var point in document
                    .RootElement.GetProperty("measurements")
                    .EnumerateArray()
                    .Where(point => point.GetProperty("operator").GetString() == "hessian")
            )
            {
                var key = (run, point.GetProperty("step").GetInt64());
                double value = point.GetProperty("lambda_max").GetDouble();
                Assert.Equal(seen.GetValueOrDefault(key, value), value);
                seen[key] = value;
            }
        }
    }

    private static async Task StateAsync(HttpClient client, string run, string expected)
    {
        for (long started = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            using var document = JsonDocument.Parse(await client.GetStringAsync($"/api/runs/{run}/history"));
            if (document.RootElement.GetProperty("run").GetProperty("state").GetString() == expected)
            {
                return;
            }

            Assert.True(
                Stopwatch.GetElapsedTime(started) < Until.Patience,
                string.Create(CultureInfo.InvariantCulture, $"{run} did not come to be {expected}")
            );
        }
    }

    private HostProcess Serve() =>
        HostProcess.Start(
            "serve",
            "--watch",
            _folder["watched"],
            "--data-dir",
            _folder["data"],
            "--port",
            "0",
            "--poll",
            "0.05",
            "--analyses",
            "spectrum",
            "--lanczos-steps",
            "6",
            "--threads",
            "1"
        );
}
