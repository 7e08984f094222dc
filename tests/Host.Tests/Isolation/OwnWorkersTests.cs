using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Host.Tests.Isolation;

/// <summary>
/// <c>serve</c> has processes of this machine measure: lost ones are replaced, and no model runs in its own process.
/// </summary>
public sealed class OwnWorkersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Workers_measure_are_replaced_when_they_are_killed_and_end_with_the_host()
    {
        TinyBundle.Write(_folder["watched/first"], TinyBundle.Linear, "first", 1);
        using var host = Start();
        using var client = new HttpClient { BaseAddress = await host.AddressAsync() };
        await MeasuredAsync(host, "first");
        int worker = await WorkerAsync(client);
        Assert.NotEqual(host.ProcessId, worker);
        Assert.True(HasLibtorch(worker));
        Assert.False(HasLibtorch(host.ProcessId));

        using (var process = Process.GetProcessById(worker))
        {
            process.Kill();
        }

        TinyBundle.Write(_folder["watched/second"], TinyBundle.Linear, "second", 1);
        await MeasuredAsync(host, "second");
        int another = await WorkerAsync(client);
        Assert.NotEqual(worker, another);
        Assert.Contains("was ended by signal 9 (SIGKILL)", host.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Errors, StringComparison.Ordinal);

        await host.InterruptAsync();
        Assert.Equal(0, await host.ExitCodeAsync());
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(another));
    }

    [Fact]
    public async Task A_worker_that_cannot_begin_is_told_once_and_ends_the_host()
    {
        using var host = Start("--workers", "2", "--token-file", _folder["missing"]);
        Assert.Equal(2, await host.ExitCodeAsync());
        Assert.Contains("missing", Assert.Single(host.Errors.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task This_process_measures_where_that_is_asked_for()
    {
        TinyBundle.Write(_folder["watched/first"], TinyBundle.Linear, "first", 1);
        using var host = Start("--in-process");
        await host.AddressAsync();
        await MeasuredAsync(host, "first");
        Assert.True(HasLibtorch(host.ProcessId));
    }

    [Theory]
    [InlineData(HostileModels.Endless, "took longer than 30 s while opening the model")]
    [InlineData(HostileModels.Hoarding, "1500 MB are what its process may hold")]
    public async Task A_model_that_cannot_be_opened_costs_its_own_run_alone(string hostile, string expected)
    {
        TinyBundle.Write(_folder["watched/bad"], hostile, "bad", 1);
        using var host = Start("--deadline", "30", "--memory-limit", "1500");
        using var client = new HttpClient { BaseAddress = await host.AddressAsync() };
        TinyBundle.Write(_folder["watched/good"], TinyBundle.Linear, "good", 1);
        await MeasuredAsync(host, "good");
        await Until.HoldsAsync(
            "the model is told of",
            () => Line(host.Errors, expected).Contains("watched/bad", StringComparison.Ordinal),
            () => host.Output + host.Errors
        );

        // The same over HTTP: refused, and nothing of it is kept.
        var bundle = TinyBundle.Write(_folder["aside"], hostile, "sent", 1);
        using var answer = await client.PutAsync("/api/runs/sent", Parts(bundle));
        string problem = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is 422 or 503, problem);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder["data"], "bundles")));
        Assert.Equal("OK", await client.GetStringAsync("/healthz"), ignoreCase: true);
    }

    [Fact]
    public async Task What_was_found_in_a_bundle_is_not_looked_for_again()
    {
        var bundle = TinyBundle.Write(_folder["aside"], TinyBundle.Linear, "sent", 1);
        for (int start = 0; start < 2; start++)
        {
            using var host = Start();
            using var client = new HttpClient { BaseAddress = await host.AddressAsync() };
            using var answer = await client.PutAsync("/api/runs/sent", Parts(bundle));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            await host.InterruptAsync();
            Assert.Equal(0, await host.ExitCodeAsync());
            Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder["data"], "inspected")));
        }
    }

    private static string Line(string text, string part) =>
        text.Split('\n').FirstOrDefault(line => line.Contains(part, StringComparison.Ordinal)) ?? string.Empty;

    private static MultipartFormDataContent Parts(RunBundle bundle)
    {
        var parts = new MultipartFormDataContent();
        foreach (string file in bundle.Files)
        {
            parts.Add(new ByteArrayContent(File.ReadAllBytes(file)), Path.GetFileName(file));
        }

        return parts;
    }

    private static bool HasLibtorch(int process) =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/maps"))
            .Contains("libtorch_cpu", StringComparison.Ordinal);

    private HostProcess Start(params string[] options) =>
        HostProcess.Start([
            "serve",
            "--watch",
            Directory.CreateDirectory(_folder["watched"]).FullName,
            "--data-dir",
            _folder["data"],
            "--port",
            "0",
            "--analyses",
            "spectrum",
            "--poll",
            "0.2",
            .. options,
        ]);

    private static Task MeasuredAsync(HostProcess host, string run) =>
        Until.HoldsAsync(
            $"{run} is measured",
            () => host.Output.Contains($"{run}: step 1: spectrum", StringComparison.Ordinal),
            () => host.Output + host.Errors
        );

    private static async Task<int> WorkerAsync(HttpClient client)
    {
        using var report = JsonDocument.Parse(await client.GetStringAsync("/api/cluster"));
        return Assert.Single(report.RootElement.GetProperty("workers").EnumerateArray())
            .GetProperty("process_id")
            .GetInt32();
    }
}
