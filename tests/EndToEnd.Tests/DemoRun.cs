using System.Text.Json;
using System.Text.RegularExpressions;
using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Mixin;
using CurvatureMonitor.Mixin.Output;
using CurvatureMonitor.Mixin.Rules;
using CurvatureMonitor.Page.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CurvatureMonitor.EndToEnd.Tests;

/// <summary>
/// One <c>curvature demo</c> from its start to its end as people see it: the program, its Prometheus and Alertmanager
/// with the project's configuration, and the page in a browser. What was seen is kept for the tests to judge.
/// </summary>
public sealed class DemoRun : IAsyncLifetime, IDisposable
{
    internal const string Alert = "CurvatureInstabilityImminent";

    private readonly Browser _browser = new();
    private readonly HttpClient _client = new();
    private readonly List<string> _complaints = [];

    internal static MixinConfiguration Configuration { get; } =
        MixinConfiguration.Load(Path.Combine(RepositoryRoot.Find(), MixinFiles.ConfigurationPath));

    /// <summary>Every expression of rules, alerts and dashboards.</summary>
    internal static IReadOnlyList<ListedExpression> Expressions { get; } =
        new ExpressionList(
            Configuration,
            new RecordingRules(Configuration).All(),
            AlertRules.All(Configuration),
            MixinFiles.Dashboards(Configuration)
        ).Entries;

    /// <summary>What Prometheus answered about the whole run, in the order of <see cref="Expressions"/>.</summary>
    internal IReadOnlyList<Answer> Answers { get; private set; } = [];

    /// <summary>At how many seconds the monitor could be scraped.</summary>
    internal int Scrapes { get; private set; }

    /// <summary>Where the monitor was.</summary>
    internal Uri Monitor { get; private set; } = null!;

    /// <summary>The alert as <c>/api/alerts</c> had it while it fired.</summary>
    internal JsonElement Fired { get; private set; }

    /// <summary>What the runbook that the alert on the page links to says.</summary>
    internal string Runbook { get; private set; } = "";

    /// <summary>What Alertmanager had of the alert while it fired.</summary>
    internal JsonElement Managed { get; private set; }

    /// <summary>The values that the variables of the dashboards offer, by the variable's name.</summary>
    internal Dictionary<string, IReadOnlyList<string>> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Groups of rules as Prometheus evaluates them.</summary>
    internal JsonElement Rules { get; private set; }

    /// <summary>What the browser's console had to say against the page while it was live.</summary>
    internal IReadOnlyList<string> Complaints => _complaints;

    internal int ExitCode { get; private set; }

    internal string Errors { get; private set; } = "";

    /// <summary>Whether Prometheus and Alertmanager ended with the program.</summary>
    internal bool ServersEnded { get; private set; }

    public async Task InitializeAsync()
    {
        await _browser.InitializeAsync();
        var began = DateTimeOffset.UtcNow;
        using var process = HostProcess.Start("demo", "--port", "0");
        Monitor = await process.AddressAsync();
        var page = await OpenAsync();
        await process.SaysAsync($"ALERT {Alert} (critical): Run demo");
        var prometheus = Address(process, "Prometheus");
        var alertmanager = Address(process, "Alertmanager");
        await FiresAsync(alertmanager, page);

        await process.SaysAsync($"{Alert} is over for demo");
        await Until.HoldsAsync(async () => await ActiveAsync(alertmanager) is null);
        await Expect(page.Locator("#alerts .name", new() { HasText = "Instability imminent" }))
            .ToHaveCountAsync(0, new() { Timeout = Patience.Milliseconds });
        await process.SaysAsync("The page stays up");
        await AskAsync(prometheus, began);

        await page.Context.CloseAsync();
        await process.InterruptAsync();
        ExitCode = await process.ExitCodeAsync();
        Errors = process.Errors;
        ServersEnded = await IsGoneAsync(prometheus) && await IsGoneAsync(alertmanager);
    }

    public Task DisposeAsync() => _browser.DisposeAsync();

    public void Dispose() => _client.Dispose();

    private static Uri Address(HostProcess process, string server) =>
        new(Regex.Match(process.Output, $@"{server}: (http://\S+)").Groups[1].Value);

    private async Task<IPage> OpenAsync()
    {
        var page = await _browser.NewPageAsync(1280, 900);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        await page.GotoAsync(Monitor.ToString());
        return page;
    }

    private async Task FiresAsync(Uri alertmanager, IPage page)
    {
        Fired = await OfAsync(new Uri(Monitor, "api/alerts"), alert => alert.GetProperty("name").GetString() == Alert)
            ?? throw new InvalidOperationException($"the terminal told of {Alert}, but /api/alerts does not list it");
        var shown = page.Locator("#alerts li").Filter(new() { HasText = "Instability imminent" });
        await Expect(shown).ToBeVisibleAsync(new() { Timeout = Patience.Milliseconds });
        Runbook = await _client.GetStringAsync(
            new Uri(await shown.Locator("a").EvaluateAsync<string>("link => link.href"))
        );
        await Until.HoldsAsync(async () => await ActiveAsync(alertmanager) is not null);
        Managed = (await ActiveAsync(alertmanager))!.Value;
    }

    private Task<JsonElement?> ActiveAsync(Uri alertmanager) =>
        OfAsync(new Uri(alertmanager, "api/v2/alerts?active=true&inhibited=false"), alert =>
            alert.GetProperty("labels").GetProperty("alertname").GetString() == Alert
        );

    private async Task<JsonElement?> OfAsync(Uri list, Func<JsonElement, bool> condition)
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync(list));
        return answer
            .RootElement.EnumerateArray()
            .Where(condition)
            .Select(alert => (JsonElement?)alert.Clone())
            .FirstOrDefault();
    }

    private async Task AskAsync(Uri address, DateTimeOffset began)
    {
        using var prometheus = new PrometheusApi(address);
        var ended = DateTimeOffset.UtcNow;
        var answers = new List<Answer>();
        foreach (var expression in Expressions)
        {
            answers.Add(await prometheus.RangeAsync(expression.Query, began, ended));
        }

        Answers = answers;
        Scrapes = (await prometheus.RangeAsync("up == 1", began, ended)).Times;
        Rules = (await prometheus.GetAsync("api/v1/rules")).GetProperty("groups");
        foreach (var variable in Expressions.Where(expression => expression.Kind == "variable"))
        {
            var values = await prometheus.GetAsync(
                $"api/v1/label/{variable.Name}/values?match[]={Uri.EscapeDataString(variable.Query)}"
            );
            Variables[variable.Name] = [.. values.EnumerateArray().Select(value => value.GetString()!)];
        }
    }

    private async Task<bool> IsGoneAsync(Uri server)
    {
        try
        {
            await _client.GetStringAsync(server);
            return false;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
