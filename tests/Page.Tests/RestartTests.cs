using System.Globalization;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Storage.Bundles;
using static Microsoft.Playwright.Assertions;

namespace CurvatureMonitor.Page.Tests;

/// <summary>The program itself, killed and started again in the same place, with the page open all the while.</summary>
public sealed class RestartTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("page-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_page_survives_a_kill_of_the_host_and_goes_on_with_the_same_run()
    {
        var bundle = TinyBundle.Write(Path.Combine(_folder, "runs", "tiny"), TinyBundle.Linear, "tiny", 10);
        Commit(bundle, 10);
        using var first = Serve(port: 0);
        var address = await first.AddressAsync();
        await using var page = await LivePage.OpenAsync(browser, address);
        await page.ShowsAsync("#step", "10");
        await Expect(page.View.Locator("#ratio")).Not.ToHaveTextAsync("–", new() { Timeout = Patience.Milliseconds });
        Write(bundle, 20);
        await page.ShowsAsync("#step", "20");
        await HasMeasuredAsync(page, 2);
        string before = await page.View.Locator("#ratio").InnerTextAsync();

        await first.KillAsync();
        await page.ShowsAsync("#connection", "connection lost, trying again");
        await page.ShowsAsync("#ratio", before);
        Write(bundle, 30);

        using var second = Serve(address.Port);
        await page.IsLiveAsync();
        await page.ShowsAsync("#step", "30");
        await HasMeasuredAsync(page, 3);
        Write(bundle, 40);
        await HasMeasuredAsync(page, 4);
        Assert.Equal([10, 20, 30, 40], await SavedStepsAsync(page));

        // The browser itself notes each attempt that found no host.
        Assert.DoesNotContain(page.Complaints, complaint => !complaint.Contains("net::ERR_", StringComparison.Ordinal));
        await second.InterruptAsync();
        Assert.Equal((0, ""), (await second.ExitCodeAsync(), second.Errors));
    }

    private HostProcess Serve(int port) =>
        HostProcess.Start(
            "serve",
            "--watch",
            Path.Combine(_folder, "runs"),
            "--data-dir",
            Path.Combine(_folder, "data"),
            "--port",
            port.ToString(CultureInfo.InvariantCulture),
            "--poll",
            "0.05",
            "--analyses",
            "spectrum",
            "--operators",
            "hessian",
            "--lanczos-steps",
            "6",
            "--threads",
            "1"
        );

    // The first checkpoint's tensors again: what is measured is not the question.
    private static void Write(RunBundle bundle, long step)
    {
        File.Copy(bundle.TensorsPath(10), bundle.TensorsPath(step));
        Commit(bundle, step);
    }

    private static void Commit(RunBundle bundle, long step) =>
        File.WriteAllText(
            Path.Combine(bundle.Directory, "checkpoints", $"step-{step:D8}.json"),
            $"{{\"step\":{step},\"loss\":0.5,\"learning_rate\":0.25}}"
        );

    private static Task HasMeasuredAsync(LivePage page, int steps) =>
        Expect(page.View.Locator("#eigenvalue-chart .plot"))
            .ToHaveAttributeAsync(
                "aria-label",
                new System.Text.RegularExpressions.Regex($@"\b{steps} measured steps"),
                new() { Timeout = Patience.Milliseconds }
            );

    // What a reader has who saves the run: everything from before the kill, too, and each step once.
    private static async Task<IReadOnlyList<long>> SavedStepsAsync(LivePage page)
    {
        var download = await page.View.RunAndWaitForDownloadAsync(() =>
            page.View.Locator("#download-json").ClickAsync()
        );
        await using var stream = await download.CreateReadStreamAsync();
        using var document = await JsonDocument.ParseAsync(stream);
        return
        [
            .. document
                .RootElement.GetProperty("measurements")
                .EnumerateArray()
                .Select(measurement => measurement.GetProperty("step").GetInt64()),
        ];
    }
}
