using System.Collections.Concurrent;
using CurvatureMonitor.Host.Http;
using Microsoft.Playwright;

namespace CurvatureMonitor.Page.Tests;

/// <summary>The page in a browser, served by a monitor that has the runs the test tells it.</summary>
internal sealed class LivePage : IAsyncDisposable
{
    internal const string NoAlerts = "[]";

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<Uri> _requests = new();
    private MonitorServer _server;

    private LivePage(MonitorServer server, RunHistory history, IPage page) => (_server, History, View) = (server, history, page);

    internal IPage View { get; }

    internal RunHistory History { get; private set; }

    /// <summary>What the browser's console had to say against the page, exceptions among it.</summary>
    internal IReadOnlyCollection<string> Complaints => _complaints;

    internal Uri Address => _server.Address;

    /// <summary>Hosts that were asked for anything.</summary>
    internal IReadOnlyList<string> Hosts => [.. _requests.Where(request => request.Scheme is not ("data" or "blob")).Select(request => request.Authority).Distinct()];

    internal static async Task<LivePage> OpenAsync(
        Browser browser, RunHistory history, int width = 1280, int height = 900, ColorScheme colours = ColorScheme.Light, string? alerts = NoAlerts, string? document = null)
    {
        var server = await MonitorServer.StartAsync(new MonitorServerOptions { Port = 0 }, history);
        var page = new LivePage(server, history, await browser.NewPageAsync(width, height, colours));
        page.View.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                page._complaints.Enqueue(message.Text);
            }
        };
        page.View.PageError += (_, error) => page._complaints.Enqueue(error);
        page.View.Request += (_, request) => page._requests.Enqueue(new Uri(request.Url));
        if (alerts is not null)
        {
            await page.View.RouteAsync("**/api/alerts", route => route.FulfillAsync(new() { ContentType = "application/json", Body = alerts }));
        }

        if (document is not null)
        {
            await page.View.RouteAsync("**/history", route => route.FulfillAsync(new() { ContentType = "application/json", Body = document }));
        }

        await page.View.GotoAsync(server.Address.ToString());
        await page.IsLiveAsync();
        return page;
    }

    internal Task IsLiveAsync() => Assertions.Expect(View.Locator("#connection")).ToHaveTextAsync("live", new() { Timeout = Patience.Milliseconds });

    internal Task ShowsAsync(string selector, string text) =>
        Assertions.Expect(View.Locator(selector)).ToHaveTextAsync(text, new() { Timeout = Patience.Milliseconds });

    /// <summary>The host ends, as by a crash or an update.</summary>
    internal async Task EndHostAsync() => await _server.DisposeAsync();

    /// <summary>Another host starts in the same place.</summary>
    internal async Task StartHostAsync(RunHistory history)
    {
        History = history;
        _server = await MonitorServer.StartAsync(new MonitorServerOptions { Port = Address.Port }, history);
    }

    /// <summary>How many pixels of a chart are painted.</summary>
    internal Task<int> PaintedAsync(string card) => View.Locator($"{card} canvas").EvaluateAsync<int>("""
        canvas => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let painted = 0;
          for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
          return painted;
        }
        """);

    /// <summary>The picture that a chart shows now.</summary>
    internal Task<string> PictureAsync(string card) => View.Locator($"{card} canvas").EvaluateAsync<string>("canvas => canvas.toDataURL()");

    public async ValueTask DisposeAsync()
    {
        await View.Context.CloseAsync();
        await _server.DisposeAsync();
    }
}
