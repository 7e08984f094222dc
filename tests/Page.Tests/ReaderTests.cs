using System.Xml.Linq;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CurvatureMonitor.Page.Tests;

/// <summary>What a reader does with the page: choosing, reading by ear, saving.</summary>
public sealed class ReaderTests(Browser browser) : IClassFixture<Browser>
{
    // WCAG 2.2, relative luminance and contrast of every text against the nearest ground that is not transparent.
    private const string Contrasts = """
        () => {
          const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
          const light = (colour) => {
            const linear = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
            const [r, g, b] = parts(colour).map(linear);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (element) => {
            for (let at = element; at; at = at.parentElement) {
              const colour = getComputedStyle(at).backgroundColor;
              if (!/, 0\)$/.test(colour)) return colour;
            }
            return 'rgb(255, 255, 255)';
          };
          const poor = [];
          for (const element of document.querySelectorAll('body *')) {
            const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
            if (!own || !element.checkVisibility() || element.closest('noscript, option')) continue;
            const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
            const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            const name = `${element.tagName}.${element.className} "${element.textContent.trim().slice(0, 30)}"`;
            if (contrast < 4.5) poor.push(`${name} ${contrast.toFixed(2)}`);
          }
          return poor;
        }
        """;

    private const string Nameless = """
        () => [...document.querySelectorAll('button, a, select, [role=img], [role=group], section')]
          .filter((element) => element.checkVisibility())
          .filter((element) => !element.getAttribute('aria-label') && !element.getAttribute('aria-labelledby'))
          .filter((element) => !element.textContent.trim())
          .map((element) => element.outerHTML.slice(0, 80))
        """;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Every_text_can_be_read_and_everything_that_is_operated_has_a_name(ColorScheme colours)
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.WithRecorded(), colours: colours);
        await page.ShowsAsync("#ratio", "1.19");
        Assert.Empty(await page.View.EvaluateAsync<string[]>(Contrasts));
        Assert.Empty(await page.View.EvaluateAsync<string[]>(Nameless));
        foreach (
            var (role, name) in new[]
            {
                (AriaRole.Banner, ""),
                (AriaRole.Main, ""),
                (AriaRole.Contentinfo, ""),
                (AriaRole.Navigation, "Downloads of this run"),
                (AriaRole.Region, "Top eigenvalues"),
            }
        )
        {
            await Expect(page.View.GetByRole(role, name.Length == 0 ? null : new() { Name = name }))
                .ToHaveCountAsync(1);
        }

        await Expect(page.View.Locator("#word")).ToHaveAttributeAsync("aria-live", "polite");
        await Expect(page.View.GetByRole(AriaRole.Img, new() { Name = "Stability ratio 1.19: edge of stability" }))
            .ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_and_shows_where_it_is()
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.With("one"));
        await page.ShowsAsync("#ratio", "0.25");
        await page.View.Keyboard.PressAsync("Tab");
        await Expect(page.View.Locator(".skip")).ToBeFocusedAsync();
        await page.View.Keyboard.PressAsync("Tab");
        await Expect(page.View.Locator("#run")).ToBeFocusedAsync();
        Assert.NotEqual(
            "none",
            await page.View.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle")
        );
        int reachable = await page.View.EvaluateAsync<int>(
            "[...document.querySelectorAll('button:enabled, a[href], select, [tabindex=\"0\"]')].filter((e) => "
                + "e.checkVisibility()).length"
        );
        var seen = new HashSet<string>();
        for (int i = 0; i < reachable + 3; i++)
        {
            seen.Add(
                await page.View.EvaluateAsync<string>(
                    "(window.order ??= new Map(), window.order.has(document.activeElement) || "
                        + "window.order.set(document.activeElement, window.order.size), "
                        + "String(window.order.get(document.activeElement)))"
                )
            );
            await page.View.Keyboard.PressAsync("Tab");
        }

        Assert.InRange(seen.Count, reachable - 1, reachable + 2);
        await page.View.Locator("#spectrum-chart .choice button", new() { HasText = "linear" }).FocusAsync();
        await page.View.Keyboard.PressAsync("Enter");
        await Expect(page.View.Locator("#spectrum-chart .choice button", new() { HasText = "linear" }))
            .ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task The_colours_follow_the_system_until_the_reader_chooses()
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.With("one"));
        var root = page.View.Locator("html");
        await Expect(root).ToHaveAttributeAsync("data-theme", "light");
        await page.View.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Expect(root).ToHaveAttributeAsync("data-theme", "dark");
        await page.View.Locator("#colours button", new() { HasText = "light" }).ClickAsync();
        await Expect(root).ToHaveAttributeAsync("data-theme", "light");
        await page.View.ReloadAsync();
        await Expect(root).ToHaveAttributeAsync("data-theme", "light");
    }

    [Fact]
    public async Task Every_chart_can_be_saved_as_SVG_with_what_it_shows()
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.WithRecorded());
        await page.ShowsAsync("#ratio", "1.19");
        foreach (
            string chart in new[] { "eigenvalue", "spectrum", "heat", "loss", "negative", "trace", "noise", "cost" }
        )
        {
            await Expect(page.View.Locator($"#{chart}-chart canvas")).ToBeVisibleAsync();
            var download = await page.View.RunAndWaitForDownloadAsync(() =>
                page.View.Locator($"#{chart}-chart .save").ClickAsync()
            );
            Assert.EndsWith(".svg", download.SuggestedFilename, StringComparison.Ordinal);
            await using var stream = await download.CreateReadStreamAsync();
            var svg = await XDocument.LoadAsync(stream, LoadOptions.None, CancellationToken.None);
            var names = svg.Descendants()
                .GroupBy(element => element.Name.LocalName)
                .ToDictionary(group => group.Key, group => group.Count());
            Assert.InRange(names["text"], 6, int.MaxValue);
            Assert.InRange(
                names.GetValueOrDefault("path") + names.GetValueOrDefault("circle") + names.GetValueOrDefault("rect"),
                10,
                int.MaxValue
            );
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        }

        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData("csv", "digits-measurements.csv")]
    [InlineData("training", "digits-training.csv")]
    [InlineData("json", "digits.json")]
    [InlineData("npz", "digits.npz")]
    public async Task A_run_can_be_saved_as_a_file(string link, string name)
    {
        await using var page = await LivePage.OpenAsync(browser, Runs.WithRecorded());
        await page.ShowsAsync("#ratio", "1.19");
        var download = await page.View.RunAndWaitForDownloadAsync(() =>
            page.View.Locator($"#download-{link}").ClickAsync()
        );
        Assert.Equal(name, download.SuggestedFilename);
        Assert.InRange(new FileInfo(await download.PathAsync()).Length, 1000, long.MaxValue);
    }

    [Fact]
    public async Task Alerts_come_with_the_most_urgent_first_and_link_to_what_to_do()
    {
        const string alerts = """
            [{"name":"CurvatureBatchTooSmall","state":"pending","severity":"info","run":"one","summary":"small",
              "runbook_url":"/runbooks/a","active_at":"2026-01-01T00:00:00Z"},
             {"name":"CurvatureInstabilityImminent","state":"firing","severity":"critical","run":"one",
              "summary":"<b>1.3</b>","runbook_url":"https://example.org/b","active_at":"2026-01-01T00:00:00Z"},
             {"name":"CurvatureStale","state":"firing","severity":"warning","summary":"old",
              "runbook_url":"javascript:alert(1)"}]
            """;
        var history = Runs.With("one");
        await using var page = await LivePage.OpenAsync(browser, history, alerts: alerts);
        await Expect(page.View.Locator("#alerts .name"))
            .ToHaveTextAsync(["Instability imminent", "Stale", "Batch too small"]);
        await Expect(page.View.Locator("#alerts .summary").First).ToHaveTextAsync("<b>1.3</b>");
        await Expect(page.View.Locator("#alerts li a")).ToHaveCountAsync(2);
        Assert.Equal("https://example.org/b", await page.View.Locator("#alerts li a").First.GetAttributeAsync("href"));
        await Expect(page.View.Locator("#alerts-none")).ToBeHiddenAsync();

        await page.View.UnrouteAllAsync();
        await page.View.RouteAsync("**/api/alerts", route =>
            route.FulfillAsync(new() { ContentType = "application/json", Body = LivePage.NoAlerts })
        );
        Runs.Advance(history, "one", 20, 0.5);
        await Expect(page.View.Locator("#alerts-none")).ToBeVisibleAsync();
        await Expect(page.View.Locator("#alerts li")).ToHaveCountAsync(0);
    }
}
