using CurvatureMonitor.Host.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CurvatureMonitor.Page.Tests;

/// <summary>The page that <c>dotnet build</c> made, in a real browser, served by the real server.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Charts =
        ["#eigenvalue-chart", "#spectrum-chart", "#heat-chart", "#loss-chart", "#negative-chart", "#trace-chart", "#noise-chart", "#cost-chart"];

    private const string Alerts = """
        [{"name":"CurvatureEdgeOfStability","state":"firing","severity":"info","run":"digits","runbook_url":"/runbooks/CurvatureEdgeOfStability","active_at":"2026-11-21T08:23:50Z",
          "summary":"The sharpness of digits is at 1.19 of the stability limit."}]
        """;

    [Theory]
    [InlineData(1280, ColorScheme.Light, "live-page.png")]
    [InlineData(1280, ColorScheme.Dark, "live-page-dark.png")]
    [InlineData(400, ColorScheme.Light, "live-page-narrow.png")]
    public async Task A_recorded_training_fills_every_panel_and_nothing_overflows(int width, ColorScheme colours, string picture)
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.WithRecorded(), width, colours: colours, alerts: Alerts, document: Runs.Recorded);
        await page.ShowsAsync("#ratio", "1.19");
        await page.ShowsAsync("#word", "edge of stability");
        await page.ShowsAsync("#alerts .name", "Edge of stability");
        foreach (string chart in Charts)
        {
            await Expect(page.View.Locator($"{chart} canvas")).ToBeVisibleAsync();
            Assert.InRange(await page.PaintedAsync(chart), 1000, int.MaxValue);
            Assert.Matches(@"\d", await page.View.Locator($"{chart} .plot").GetAttributeAsync("aria-label") ?? "");
        }

        Assert.Equal(width, await page.View.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal([page.Address.Authority], page.Hosts);
        Assert.Empty(page.Complaints);
        await SaveAsync(page, picture);
    }

    [Fact]
    public async Task What_happens_is_shown_at_once()
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.With("one"));
        await page.ShowsAsync("#ratio", "0.25");
        await page.ShowsAsync("#word", "calm");
        await Expect(page.View.Locator("#eigenvalue-chart canvas")).ToBeVisibleAsync();
        string before = await page.PictureAsync("#eigenvalue-chart");

        Runs.Advance(page.History, "one", 20, 0.95);
        await page.ShowsAsync("#word", "edge of stability");
        Runs.Advance(page.History, "one", 1234, 1.5);
        page.History.Add(new RunEvent { Run = "one", Time = DateTimeOffset.UnixEpoch, Kind = RunEventKind.Failed, Text = "step 1234: too large" });
        await page.ShowsAsync("#word", "unstable");
        await page.ShowsAsync("#step", "1\u202f234");
        await page.ShowsAsync("#events tr td:nth-child(3)", "step 1234: too large");
        Assert.NotEqual(before, await page.PictureAsync("#eigenvalue-chart"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Another_run_is_shown_when_it_is_chosen_and_stays_chosen()
    {
        var history = Runs.With("first", ratio: 0.25);
        Runs.Start(history, "a/b %", step: 7, ratio: 2.5, hour: 1);
        await using var page = await LivePage.OpenAsync(browser, history);
        await page.ShowsAsync("#ratio", "2.50");
        await page.View.Locator("#run").SelectOptionAsync("first");
        await page.ShowsAsync("#ratio", "0.25");
        await page.ShowsAsync("#step", "10");
        await page.View.ReloadAsync();
        await page.ShowsAsync("#ratio", "0.25");
        await page.View.Locator("#run").SelectOptionAsync("a/b %");
        await page.ShowsAsync("#ratio", "2.50");
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_page_survives_a_restart_of_the_host()
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.With("one"));
        await page.ShowsAsync("#ratio", "0.25");
        await page.EndHostAsync();
        await page.ShowsAsync("#connection", "connection lost, trying again");
        await page.ShowsAsync("#ratio", "0.25");

        await page.StartHostAsync(Runs.With("one", step: 400, ratio: 0.75));
        await page.IsLiveAsync();
        await page.ShowsAsync("#ratio", "0.75");
        await page.ShowsAsync("#step", "400");
        Runs.Advance(page.History, "one", 500, 0.8);
        await page.ShowsAsync("#ratio", "0.80");
        // The browser itself notes each attempt that found no host.
        Assert.DoesNotContain(page.Complaints, complaint => !complaint.Contains("net::ERR_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_host_does_not_send_has_no_panel_and_no_number()
    {
        var history = new RunHistory();
        history.Start(new RunDescription { Run = "new", StartTime = DateTimeOffset.UnixEpoch });
        await using var page = await LivePage.OpenAsync(browser, history);
        await page.ShowsAsync("#word", "not measured yet");
        foreach (string number in new[] { "ratio", "sharpness", "limit", "learning-rate", "step", "loss", "accuracy", "lag", "dropped" })
        {
            await page.ShowsAsync($"#{number}", "–");
        }

        foreach (string absent in new[] { "#negative-chart", "#trace-chart", "#noise-chart", "#alerts-card" })
        {
            await Expect(page.View.Locator(absent)).ToBeHiddenAsync();
        }

        await page.ShowsAsync("#eigenvalue-chart .empty", "No measurement so far.");
        Assert.Empty(page.Complaints);
    }

    private static async Task SaveAsync(LivePage page, string picture)
    {
        // The pictures that the README shows: CURVATURE_SCREENSHOTS names the folder to write them to.
        if (Environment.GetEnvironmentVariable("CURVATURE_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.View.Mouse.MoveAsync(0, 0);
            await page.View.ScreenshotAsync(new() { Path = Path.Combine(folder, picture), FullPage = true, Animations = ScreenshotAnimations.Disabled });
        }
    }
}
