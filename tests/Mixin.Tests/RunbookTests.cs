using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Runbooks of alerts.</summary>
public sealed partial class RunbookTests
{
    [Theory]
    [MemberData(nameof(PublishedAlerts.Names), MemberType = typeof(PublishedAlerts))]
    public void Every_runbook_says_what_it_means_what_to_look_at_and_what_to_do(string name)
    {
        var text = Repository.Read($"docs/runbooks/{name}.md");
        Assert.StartsWith($"# {name}\n", text, StringComparison.Ordinal);
        Assert.Equal(
            ["What it means", "What to look at", "What to do"],
            Heading().Matches(text).Select(match => match.Groups[1].Value)
        );
    }

    [Fact]
    public void No_runbook_is_left_of_an_alert_that_is_no_more() =>
        Assert.Equal(
            PublishedAlerts.Contract,
            Repository.Files("docs/runbooks", "Curvature*.md").Select(Path.GetFileNameWithoutExtension)
        );

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
