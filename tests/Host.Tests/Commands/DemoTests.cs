using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using static CurvatureMonitor.Host.Tests.Commands.ScrapedMetrics;

namespace CurvatureMonitor.Host.Tests.Commands;

/// <summary>
/// The main job from outside: a process, its output, its endpoints. Alone on the machine: other tests beside them would
/// take the cores that training and measuring share.
/// </summary>
[CollectionDefinition(nameof(DemoTests), DisableParallelization = true)]
[Collection(nameof(DemoTests))]
public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_trains_measures_serves_metrics_and_exits_with_0()
    {
        using var process = HostProcess.Start(
            "demo",
            "--steps",
            "200",
            "--schedule",
            "surge:200,0.015625",
            "--pace",
            "0",
            "--exit",
            "--port",
            "0",
            "--no-prometheus"
        );
        var address = await process.AddressAsync();
        using var client = new HttpClient { BaseAddress = address };
        using var prometheus = new PrometheusServer(address.Port);

        string metrics = await WaitForAsync(client, text =>
            text.Contains("curvature_lambda_max{run=\"demo\",operator=\"ggn\"}", StringComparison.Ordinal)
        );
        Assert.Contains(
            "curvature_eigenvalues_bucket{run=\"demo\",operator=\"hessian\",le=\"-1.0\"}",
            metrics,
            StringComparison.Ordinal
        );
        await AssertLintedAsync(metrics);
        await AssertIngestedAsync(prometheus);
        Assert.Equal("ok", (await client.GetStringAsync("/healthz")).Trim());
        using var runs = JsonDocument.Parse(await client.GetStringAsync("/api/runs"));
        var run = runs.RootElement.GetProperty("runs")[0];
        Assert.Equal("demo", run.GetProperty("run").GetString());
        Assert.Equal("cnn-bn", run.GetProperty("model").GetString());
        Assert.Contains("<html", await client.GetStringAsync("/"), StringComparison.OrdinalIgnoreCase);

        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Equal(string.Empty, process.Errors);
        double accuracy = Number(Accuracy().Match(process.Output));
        Assert.InRange(accuracy, 90, 100);
        AssertAccountedFor(process.Output);
    }

    [Fact]
    public async Task An_interrupt_in_mid_run_ends_it_in_order()
    {
        using var process = HostProcess.Start(
            "train",
            "--model",
            "lenet",
            "--steps",
            "100000",
            "--checkpoint-every",
            "10",
            "--probe-samples",
            "200",
            "--analyses",
            "spectrum",
            "--port",
            "0"
        );
        var address = await process.AddressAsync();
        using var client = new HttpClient { BaseAddress = address };
        await WaitForAsync(client, text =>
            text.Contains(
                "curvature_jobs_total{run=\"train\",analysis=\"spectrum\",outcome=\"ok\"} 1",
                StringComparison.Ordinal
            )
        );

        await process.InterruptAsync();
        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Equal(string.Empty, process.Errors);
        Assert.Contains("stopped", process.Output, StringComparison.Ordinal);

        long measured = AssertAccountedFor(process.Output);
        Assert.Equal(measured, Rows().Count(process.Output));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_losses_and_eigenvalues()
    {
        string first = await FinalLineAsync(),
            second = await FinalLineAsync();
        Assert.NotEmpty(first);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task A_saved_run_is_a_bundle_with_every_checkpoint()
    {
        var folder = Directory.CreateTempSubdirectory("saved-run-");
        try
        {
            string place = Path.Combine(folder.FullName, "run");
            string[] arguments =
            [
                "train",
                "--model",
                "softmax",
                "--steps",
                "12",
                "--checkpoint-every",
                "3",
                "--exit",
                "--port",
                "0",
                "--probe-samples",
                "50",
                "--lanczos-steps",
                "4",
                "--save",
                place,
            ];
            using var process = HostProcess.Start(arguments);
            Assert.Equal(0, await process.ExitCodeAsync());

            var bundle = RunBundle.Open(place);
            Assert.Equal([3L, 6, 9, 12], bundle.CheckpointSteps());
            using var model = ScriptModel.Load(bundle.ModelPath!, ElementType.Float32, Device.Cpu);
            using var checkpoint = bundle.ReadCheckpoint(12, CheckpointLayout.Of(model));
            using var samples = bundle.ReadProbe().ToSamples(ElementType.Float32, Device.Cpu);
            using var objective = new Objective(
                model,
                samples,
                bundle.Manifest.Loss.Kind,
                bundle.Manifest.BatchNorm,
                bundle.Manifest.MicroBatch
            );
            using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float32, Device.Cpu);
            checkpoint.CopyParametersTo(theta);
            Assert.InRange(objective.Evaluate(theta).Loss, 0, Math.Log(10));

            using var again = HostProcess.Start(arguments);
            Assert.Equal(2, await again.ExitCodeAsync());
            Assert.Contains("a run is saved there already", again.Errors, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_and_exit_code_2()
    {
        using var first = HostProcess.Start("train", "--model", "softmax", "--steps", "1000000", "--port", "0");
        var address = await first.AddressAsync();
        using var second = HostProcess.Start(
            "train",
            "--steps",
            "10",
            "--port",
            address.Port.ToString(CultureInfo.InvariantCulture)
        );
        Assert.Equal(2, await second.ExitCodeAsync());
        Assert.Contains("the port is taken", second.Errors, StringComparison.Ordinal);
        Assert.Single(second.Errors.Trim().Split('\n'));
        await first.InterruptAsync();
        Assert.Equal(0, await first.ExitCodeAsync());
    }

    // The last row is the final checkpoint's, which is always measured: step, loss, accuracy and both eigenvalues stand
    // in it.
    private static async Task<string> FinalLineAsync()
    {
        using var process = HostProcess.Start(
            "train",
            "--model",
            "mlp:hidden=32",
            "--steps",
            "60",
            "--exit",
            "--port",
            "0",
            "--probe-samples",
            "100",
            "--lanczos-steps",
            "8",
            "--seed",
            "7"
        );
        Assert.Equal(0, await process.ExitCodeAsync());
        string row = Rows().Matches(process.Output)[^1].Value;
        return string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(9));
    }

    private static async Task<string> WaitForAsync(HttpClient client, Func<string, bool> condition)
    {
        string text = "";
        await Until.HoldsAsync(async () => condition(text = await client.GetStringAsync("/metrics")));
        return text;
    }

    // Every emitted checkpoint is accounted for. How many are measured is the machine's to say; the last one is.
    private static long AssertAccountedFor(string output)
    {
        var summary = Summary().Match(output);
        Assert.True(summary.Success, output);
        long emitted = Count(summary, "emitted"),
            measured = Count(summary, "measured"),
            failed = Count(summary, "failed"),
            dropped = Count(summary, "dropped");
        Assert.Equal(emitted, measured + failed + dropped);
        Assert.Equal(0, failed);
        Assert.InRange(measured, 1, emitted);
        return measured;
    }

    private static double Number(Match match)
    {
        Assert.True(match.Success);
        return double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
    }

    private static long Count(Match match, string name) =>
        long.Parse(match.Groups[name].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"test accuracy (?<number>[\d.]+) ?%")]
    private static partial Regex Accuracy();

    [GeneratedRegex(
        @"(?<emitted>[\d,]+) emitted = (?<measured>[\d,]+) measured "
            + @"\+ (?<failed>[\d,]+) failed \+ (?<dropped>[\d,]+) dropped",
        RegexOptions.Singleline
    )]
    private static partial Regex Summary();

    /// <summary>
    /// A line of the live table as it is printed where the terminal cannot redraw: it has an eigenvalue with its error.
    /// </summary>
    [GeneratedRegex(@"^ *\d[\d,]* .* ± .*$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
