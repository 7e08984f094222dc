using Microsoft.Playwright;

namespace CurvatureMonitor.Page.Tests;

/// <summary>
/// One chromium for all tests; each test has a context of its own, as if nobody had seen the page before.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Program), $"The tests of the live page need {Program}: apt-get install chromium");
        _playwright = await Playwright.CreateAsync();
        // Without its sandbox, which a container's root cannot have: it sees this machine's own page alone.
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Program,
                Args = ["--no-sandbox"],
                Timeout = Patience.Milliseconds,
            }
        );
    }

    internal async Task<IPage> NewPageAsync(int width, int height, ColorScheme colours = ColorScheme.Light)
    {
        var context = await _browser!.NewContextAsync(
            new()
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = colours,
                TimezoneId = "UTC",
                AcceptDownloads = true,
            }
        );
        context.SetDefaultTimeout(Patience.Milliseconds);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
