using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CurvatureMonitor.Client.Tests.Support;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Client.Tests;

/// <summary>
/// The whole way: a PyTorch script trains on real digits, a server measures it, and the script computes the sharpness
/// itself.
/// </summary>
public sealed partial class WatchedTrainingTests : IDisposable
{
    private const string Run = "mnist-pytorch";

    private readonly string _folder = Directory.CreateTempSubdirectory("client-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Through_a_folder_the_measured_sharpness_is_the_one_that_PyTorch_computes()
    {
        string watched = Directory.CreateDirectory(Path.Combine(_folder, "runs")).FullName;
        using HostProcess server = Serve("--watch", watched);
        await TrainAsync(server, address => ["--directory", watched, "--results", address]);
    }

    [Fact]
    public async Task Over_HTTP_the_measured_sharpness_is_the_one_that_PyTorch_computes()
    {
        using HostProcess server = Serve();
        await TrainAsync(server, address => ["--url", address]);
    }

    [Fact]
    public async Task A_bundle_of_the_client_is_analyzed_as_any_other()
    {
        JsonElement told = await ExampleAsync(["--directory", _folder]);
        using HostProcess analysis = HostProcess.Start(
            "analyze",
            Path.Combine(_folder, Run),
            "--analyses",
            "sharpness",
            "--json"
        );
        Assert.True(await analysis.ExitCodeAsync() == 0, analysis.Errors);
        using JsonDocument document = JsonDocument.Parse(analysis.Output);
        JsonElement hessian = document.RootElement.GetProperty("operators").GetProperty("hessian");
        double reference = told.GetProperty("reference").GetDouble();
        Assert.Equal(told.GetProperty("step").GetInt64(), document.RootElement.GetProperty("step").GetInt64());
        Assert.Equal(reference, hessian.GetProperty("lambda_max").GetDouble(), 1e-3 * reference);
        Assert.True(hessian.TryGetProperty("stability", out _));
    }

    private static async Task<JsonElement> ExampleAsync(string[] where, HostProcess? server = null)
    {
        Python script = await Python.RunAsync(
            RepositoryFolder.Root,
            [
                RepositoryFolder.Example("mnist_pytorch.py"),
                .. where,
                "--steps",
                "120",
                "--every",
                "10",
                "--probe-samples",
                "256",
                "--patience",
                "480",
            ]
        );
        Assert.True(script.ExitCode == 0, script.Errors + script.Output + server?.Output + server?.Errors);
        using JsonDocument document = JsonDocument.Parse(script.Output);
        return document.RootElement.Clone();
    }

    private HostProcess Serve(params string[] options) =>
        HostProcess.Start([
            "serve",
            "--data-dir",
            Path.Combine(_folder, "data"),
            "--port",
            "0",
            "--poll",
            "0.1",
            .. options,
        ]);

    private static async Task TrainAsync(HostProcess server, Func<string, string[]> where)
    {
        Uri address = await server.AddressAsync();
        JsonElement told = await ExampleAsync(where(address.ToString()), server);
        Assert.InRange(told.GetProperty("relative_difference").GetDouble(), 0, 1e-3);
        Assert.Equal(0, told.GetProperty("failed").GetInt32());
        Assert.Equal(13, told.GetProperty("emitted").GetInt32());

        // Every emitted checkpoint was measured, or counted by the one who replaced it with a newer one.
        using var http = new HttpClient { BaseAddress = address };
        using JsonDocument history = JsonDocument.Parse(await http.GetStringAsync($"api/runs/{Run}/history"));
        int measured = history
            .RootElement.GetProperty("measurements")
            .EnumerateArray()
            .Select(point => point.GetProperty("step").GetInt64())
            .Distinct()
            .Count();
        string metrics = await http.GetStringAsync("metrics");
        int dropped = Sum(Dropped().Matches(metrics)),
            superseded = told.GetProperty("superseded").GetInt32();
        Assert.True(
            told.GetProperty("emitted").GetInt32() == measured + dropped + superseded,
            $"13 emitted, {measured} measured, {dropped} dropped, {superseded} superseded before: {metrics}"
        );

        await server.InterruptAsync();
        Assert.True(await server.ExitCodeAsync() == 0, server.Errors);
    }

    private static int Sum(MatchCollection counters) =>
        counters.Sum(counter => int.Parse(counter.Groups["count"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(
        @"^curvature_checkpoints_dropped_total\{[^}]*run=""mnist-pytorch""[^}]*\} (?<count>\d+)$",
        RegexOptions.Multiline
    )]
    private static partial Regex Dropped();
}
