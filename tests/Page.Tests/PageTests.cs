using System.Text.RegularExpressions;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Reports.Runs;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CurvatureMonitor.Page.Tests;

/// <summary>The page that <c>dotnet build</c> made, in a real browser, served by the real server.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] Charts =
    [
        "#eigenvalue-chart",
        "#spectrum-chart",
        "#heat-chart",
        "#loss-chart",
        "#negative-chart",
        "#trace-chart",
        "#noise-chart",
        "#cost-chart",
    ];

    private const string Alerts = """
        [{"name":"CurvatureEdgeOfStability","state":"firing","severity":"info","run":"digits",
          "runbook_url":"/runbooks/CurvatureEdgeOfStability","active_at":"2026-11-21T08:23:50Z",
          "summary":"The sharpness of digits is at 1.19 of the stability limit."}]
        """;

    [Theory]
    [InlineData(1280, ColorScheme.Light, "live-page.png")]
    [InlineData(1280, ColorScheme.Dark, "live-page-dark.png")]
    [InlineData(400, ColorScheme.Light, "live-page-narrow.png")]
    [InlineData(400, ColorScheme.Dark, "live-page-narrow-dark.png")]
    public async Task A_recorded_training_fills_every_panel_and_nothing_overflows(
        int width,
        ColorScheme colours,
        string picture
    )
    {
        await using var page = await LivePage.OpenAsync(
            browser,
            Runs.WithRecorded(),
            width,
            colours: colours,
            alerts: Alerts
        );
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
        var history = Runs.With("one");
        await using var page = await LivePage.OpenAsync(browser, history);
        await page.ShowsAsync("#ratio", "0.25");
        await page.ShowsAsync("#word", "calm");
        await Expect(page.View.Locator("#eigenvalue-chart canvas")).ToBeVisibleAsync();
        string before = await page.PictureAsync("#eigenvalue-chart");

        Runs.Advance(history, "one", 20, 0.95);
        await page.ShowsAsync("#word", "edge of stability");
        Runs.Advance(history, "one", 1234, 1.5);
        history.Add(
            new RunEvent
            {
                Run = "one",
                Time = DateTimeOffset.UnixEpoch,
                Kind = RunEventKind.Failed,
                Text = "step 1234: too large",
            }
        );
        await page.ShowsAsync("#word", "unstable");
        await page.ShowsAsync("#step", "1\u202f234");
        await page.ShowsAsync("#events tr td:nth-child(3)", "step 1234: too large");
        Assert.NotEqual(before, await page.PictureAsync("#eigenvalue-chart"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Modules_are_shown_with_their_error_bars_once_there_are_any()
    {
        var history = Runs.With("one");
        await using var page = await LivePage.OpenAsync(browser, history);
        await page.ShowsAsync("#ratio", "0.25");
        await Expect(page.View.Locator("#modules-card")).ToBeHiddenAsync();
        Runs.AddModules(history, "one", 10, 6);
        await page.ShowsAsync("#modules tr:nth-child(1) .number >> nth=0", "6.00 ± 0.5");
        await page.ShowsAsync("#modules tr:nth-child(1) .number >> nth=1", "80.0 ± 2.5");
        await page.ShowsAsync("#modules tr:nth-child(1) .number >> nth=2", "1\u202f234");

        // What is not known has no number, and what a pattern holds is text.
        await page.ShowsAsync("#modules tr:nth-child(2) th", "<b>head</b>");
        await page.ShowsAsync("#modules tr:nth-child(2) .number >> nth=0", "1.50");
        await page.ShowsAsync("#modules tr:nth-child(2) .number >> nth=1", "–");
        await page.ShowsAsync("#modules-about", "Blocks of the Hessian at step 10, 3 more are not measured");
        Runs.AddModules(history, "one", 20, 12);
        await page.ShowsAsync("#modules tr:nth-child(1) .number >> nth=0", "12.0 ± 0.5");
        await page.ShowsAsync("#modules-about", "Blocks of the Hessian at step 20, 3 more are not measured");
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
    public async Task A_long_history_comes_page_by_page_and_is_shown_whole()
    {
        var history = new RunHistory();
        Runs.Start(history, "long", step: 1, ratio: 0.1);
        for (int step = 2; step <= 1000; step++)
        {
            Runs.Advance(history, "long", step, step / 1000.0);
        }

        await using var page = await LivePage.OpenAsync(browser, history);
        await page.ShowsAsync("#ratio", "1.00");
        await Expect(page.View.Locator("#eigenvalue-chart .plot"))
            .ToHaveAttributeAsync("aria-label", new Regex("1.000 measured steps"));
        var pages = page
            .Requests.Where(request => request.AbsolutePath == "/api/runs/long/history")
            .Select(request => request.Query)
            .Distinct()
            .ToList();
        Assert.Equal(["?limit=400", "?limit=400&after=400", "?limit=400&after=800"], pages);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task What_a_host_does_not_send_has_no_panel_and_no_number()
    {
        var history = new RunHistory();
        history.Start(new RunDescription("new") { Started = DateTimeOffset.UnixEpoch });
        await using var page = await LivePage.OpenAsync(browser, history);
        await page.ShowsAsync("#word", "not measured yet");
        foreach (
            string number in new[]
            {
                "ratio",
                "sharpness",
                "limit",
                "learning-rate",
                "step",
                "loss",
                "accuracy",
                "lag",
                "dropped",
            }
        )
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
            await page.View.ScreenshotAsync(
                new()
                {
                    Path = Path.Combine(folder, picture),
                    FullPage = true,
                    Animations = ScreenshotAnimations.Disabled,
                }
            );
        }
    }
}
