using System.Collections.Concurrent;
using CurvatureMonitor.Host.Server;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;
using Microsoft.Playwright;

namespace CurvatureMonitor.Page.Tests;

/// <summary>
/// The page in a browser, served by a monitor that has the runs the test tells it, or by one that the test has started.
/// </summary>
internal sealed class LivePage : IAsyncDisposable
{
    internal const string NoAlerts = "[]";

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private readonly MonitorServer? _server;

    private LivePage(MonitorServer? server, Uri address, IPage page) =>
        (_server, Address, View) = (server, address, page);

    internal IPage View { get; }

    /// <summary>Where the page is.</summary>
    internal Uri Address { get; }

    /// <summary>What the browser's console had to say against the page, exceptions among it.</summary>
    internal IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>What was asked for, in order.</summary>
    internal IReadOnlyList<Uri> Requests => [.. _requests];

    /// <summary>Hosts that were asked for anything.</summary>
    internal IReadOnlyList<string> Hosts =>
        [
            .. _requests
                .Where(request => request.Scheme is not ("data" or "blob"))
                .Select(request => request.Authority)
                .Distinct(),
        ];

    internal static async Task<LivePage> OpenAsync(
        Browser browser,
        RunHistory history,
        int width = 1280,
        int height = 900,
        ColorScheme colours = ColorScheme.Light,
        string alerts = NoAlerts
    )
    {
        var server = await MonitorServer.StartAsync(
            new MonitorServerOptions { Port = 0 },
            new CurvatureMetrics(),
            history
        );
        return await OpenAsync(
            new LivePage(server, server.Address, await browser.NewPageAsync(width, height, colours)),
            alerts
        );
    }

    /// <summary>The page of a monitor that is there.</summary>
    internal static async Task<LivePage> OpenAsync(Browser browser, Uri address) =>
        await OpenAsync(new LivePage(null, address, await browser.NewPageAsync(1280, 900)), NoAlerts);

    private static async Task<LivePage> OpenAsync(LivePage page, string alerts)
    {
        page.View.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                page._complaints.Enqueue(message.Text);
            }
        };
        page.View.PageError += (_, error) => page._complaints.Enqueue(error);
        page.View.Request += (_, request) => page._requests.Enqueue(new Uri(request.Url));
        await page.View.RouteAsync("**/api/alerts", route =>
            route.FulfillAsync(new() { ContentType = "application/json", Body = alerts })
        );
        await page.View.GotoAsync(page.Address.ToString());
        await page.IsLiveAsync();
        return page;
    }

    internal Task IsLiveAsync() =>
        Assertions
            .Expect(View.Locator("#connection"))
            .ToHaveTextAsync("live", new() { Timeout = Patience.Milliseconds });

    internal Task ShowsAsync(string selector, string text) =>
        Assertions.Expect(View.Locator(selector)).ToHaveTextAsync(text, new() { Timeout = Patience.Milliseconds });

    /// <summary>How many pixels of a chart are painted.</summary>
    internal Task<int> PaintedAsync(string card) =>
        View.Locator($"{card} canvas")
            .EvaluateAsync<int>(
                """
                canvas => {
                  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                  let painted = 0;
                  for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
                  return painted;
                }
                """
            );

    /// <summary>The picture that a chart shows now.</summary>
    internal Task<string> PictureAsync(string card) =>
        View.Locator($"{card} canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");

    public async ValueTask DisposeAsync()
    {
        await View.Context.CloseAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
