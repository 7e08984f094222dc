using System.Net;
using System.Text.RegularExpressions;

namespace CurvatureMonitor.LivePage.Tests;

/// <summary>
/// The page as the build leaves it beside the program; SkipPage=true leaves nothing to test and fails here.
/// </summary>
public sealed partial class PageFilesTests
{
    [Fact]
    public async Task The_page_comes_with_a_policy_that_allows_this_host_alone()
    {
        await using var served = await ServedHistory.StartAsync();
        using var response = await served.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        var policy = Assert
            .Single(response.Headers.GetValues("Content-Security-Policy"))
            .Split(';', StringSplitOptions.TrimEntries)
            .Select(directive => directive.Split(' '))
            .ToDictionary(words => words[0], words => words[1..]);
        Assert.Equal(["'none'"], policy["default-src"]);
        Assert.Equal(["'self'"], policy["script-src"]);
        Assert.All(policy.Values.SelectMany(sources => sources), source =>
            Assert.Contains(source, new[] { "'self'", "'none'", "data:" })
        );
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(response.Headers.CacheControl?.NoCache);
    }

    [Fact]
    public async Task Everything_that_the_page_names_is_served_and_hashed_files_may_be_kept()
    {
        await using var served = await ServedHistory.StartAsync();
        string html = await served.Client.GetStringAsync("/");
        string[] names = [.. Reference().Matches(html).Select(match => match.Groups[1].Value).Distinct()];
        Assert.Contains(names, name => name.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(names, name => name.EndsWith(".css", StringComparison.Ordinal));
        foreach (string name in names)
        {
            using var response = await served.Client.GetAsync(name);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(
                name.StartsWith("assets/", StringComparison.Ordinal),
                response.Headers.CacheControl?.MaxAge >= TimeSpan.FromDays(1)
            );
        }
    }

    [Fact]
    public void Nothing_in_the_page_refers_to_another_host()
    {
        string[] files = [.. Directory.EnumerateFiles(ServedHistory.Page, "*", SearchOption.AllDirectories)];
        Assert.Contains(files, file => file.EndsWith(".html", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".css", StringComparison.Ordinal));
        foreach (string file in files.Where(file => !file.EndsWith(".LEGAL.txt", StringComparison.Ordinal)))
        {
            string text = File.ReadAllText(file);
            var foreign = AbsoluteAddress()
                .Matches(text)
                .Select(match => match.Value)
                .Where(address => !Namespace().IsMatch(address));
            Assert.Empty(foreign.Select(address => $"{Path.GetFileName(file)}: {address}"));
            Assert.DoesNotMatch(ProtocolRelative(), text);
        }
    }

    [Fact]
    public async Task Files_outside_the_page_are_not_served()
    {
        await using var served = await ServedHistory.StartAsync();
        foreach (
            string path in new[]
            {
                "/../CurvatureMonitor.LivePage.dll",
                "/%2e%2e/CurvatureMonitor.LivePage.dll",
                "/..%2fCurvatureMonitor.LivePage.dll",
                "/assets/",
            }
        )
        {
            using var response = await served.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Without_a_built_page_the_root_says_so_and_the_rest_works()
    {
        await using var served = await ServedHistory.StartAsync(page: Path.Combine(ServedHistory.Page, "missing"));
        using var response = await served.Client.GetAsync("/");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("was not built", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("ok", await served.Client.GetStringAsync("/healthz"));
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex(@"(?:https?|wss?)://[^\s""'`)<>]*", RegexOptions.IgnoreCase)]
    private static partial Regex AbsoluteAddress();

    [GeneratedRegex(@"^http://www\.w3\.org/\d{4}/")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?:src|href)=[""']?//|url\([""']?//|@import", RegexOptions.IgnoreCase)]
    private static partial Regex ProtocolRelative();
}
