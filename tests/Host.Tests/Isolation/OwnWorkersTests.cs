using System.Diagnostics;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Isolation;

/// <summary><c>serve --workers N</c>: processes of this machine measure, and lost ones are replaced.</summary>
public sealed class OwnWorkersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Workers_measure_are_replaced_when_they_are_killed_and_end_with_the_host()
    {
        TinyBundle.Write(_folder["watched/first"], TinyBundle.Linear, "first", 1);
        using var host = Start("--workers", "1");
        using var client = new HttpClient { BaseAddress = await host.AddressAsync() };
        await MeasuredAsync(host, "first");
        int worker = await WorkerAsync(client);
        Assert.NotEqual(host.ProcessId, worker);

        using (var process = Process.GetProcessById(worker))
        {
            process.Kill();
        }

        TinyBundle.Write(_folder["watched/second"], TinyBundle.Linear, "second", 1);
        await MeasuredAsync(host, "second");
        int another = await WorkerAsync(client);
        Assert.NotEqual(worker, another);
        Assert.Contains("was ended by signal 9 (SIGKILL)", host.Errors, StringComparison.Ordinal);

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
