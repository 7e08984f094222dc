using System.Net;
using System.Text.RegularExpressions;
using CurvatureMonitor.Host.Monitoring.Alerts;
using CurvatureMonitor.Host.Server;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Host.Tests.Monitoring;

/// <summary>What a click on "What to do" shows.</summary>
public sealed class RunbookTests
{
    public static TheoryData<string> Names =>
        [
            .. Directory
                .EnumerateFiles(Folder, "Curvature*.md")
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Order(StringComparer.Ordinal),
        ];

    private static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "monitoring", "runbooks");

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_runbook_is_shown_whole_and_its_links_lead_to_others(string name)
    {
        string markdown = File.ReadAllText(Path.Combine(Folder, $"{name}.md"));
        string page = RunbookPage.Render(name, markdown);
        string body = page[page.IndexOf("<body>", StringComparison.Ordinal)..];
        Assert.Contains($"<h1>{name}</h1>", body, StringComparison.Ordinal);
        Assert.Equal(
            ["What it means", "What to look at", "What to do"],
            Regex.Matches(body, "<h2>(.*?)</h2>").Select(match => match.Groups[1].Value)
        );
        Assert.DoesNotMatch(@"\]\(|`|\*\*|\.\./\w", body);
        Assert.All(Regex.Matches(body, "href=\"(.*?)\"").Select(match => match.Groups[1].Value), link =>
            Assert.True(link == "../" || File.Exists(Path.Combine(Folder, $"{link}.md")), link)
        );

        // The words in order, whatever stands between them.
        string told = Regex.Replace(markdown, @"\[[^\]]+\]\(\.\./([^)]+)\)", "docs/$1");
        Assert.Equal(
            Words(Regex.Replace(told, @"\(\w+\.md\)|^\d+\. ", "", RegexOptions.Multiline)),
            Words(WebUtility.HtmlDecode(Regex.Replace(body, "<[^>]+>", " "))).SkipLast(3)
        );
        Assert.Equal(Regex.Count(markdown, @"^(?:\*|\d+\.) ", RegexOptions.Multiline), Regex.Count(body, "<li>"));
    }

    [Fact]
    public async Task A_browser_is_given_a_page_and_others_the_file_and_nothing_else_is_to_be_had()
    {
        await using var server = await MonitorServer.StartAsync(
            new MonitorServerOptions { Port = 0, MapEndpoints = RunbooksEndpoint.Map },
            new CurvatureMetrics(),
            new RunHistory()
        );
        using var client = new HttpClient { BaseAddress = server.Address };
        const string address = "/runbooks/CurvatureInstabilityImminent";
        Assert.StartsWith(
            "# CurvatureInstabilityImminent\n",
            await client.GetStringAsync(address),
            StringComparison.Ordinal
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var response = await client.SendAsync(request);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(
            "default-src 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.StartsWith("<!doctype html>", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (string absent in new[] { "/runbooks/Nothing", "/runbooks/..%2Frules", "/runbooks/README.md" })
        {
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await client.GetAsync(new Uri(absent, UriKind.Relative))).StatusCode
            );
        }
    }

    [Fact]
    public void Text_is_text_even_where_it_looks_like_markup() =>
        Assert.Contains(
            "<p>a &lt;b&gt; &amp; 2 * 3 <code>x*y*</code> <em>so</em> <strong>it</strong></p>",
            RunbookPage.Render("A", "# A\n\na <b> & 2 * 3 `x*y*` *so* **it**\n"),
            StringComparison.Ordinal
        );

    private static IEnumerable<string> Words(string text) =>
        Regex.Matches(text, @"[\w.]+").Select(match => match.Value);
}
