using System.Text.RegularExpressions;
using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Mixin.Rules;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

public sealed partial class AlertTests
{
    private static readonly string[] Severities = ["critical", "warning", "info"];

    /// <summary>What users route and silence by: a name that goes is a change for them.</summary>
    private static readonly string[] Contract =
    [
        "CurvatureBatchTooLarge",
        "CurvatureBatchTooSmall",
        "CurvatureBusConsumersMissing",
        "CurvatureDampingTooSmall",
        "CurvatureDeadLetters",
        "CurvatureDivergenceBand",
        "CurvatureEdgeOfStability",
        "CurvatureEstimateUnreliable",
        "CurvatureFallingBehind",
        "CurvatureHeadroom",
        "CurvatureHessianVarianceRising",
        "CurvatureInstabilityImminent",
        "CurvatureMonitorDown",
        "CurvatureNegativeCurvature",
        "CurvatureNoWorkers",
        "CurvatureNonFinite",
        "CurvatureOutOfMemory",
        "CurvatureRunDegraded",
        "CurvatureStale",
        "CurvatureSubspaceRotated",
        "CurvatureSurge",
        "CurvatureWarmupTooFast",
        "CurvatureWorkerDown",
    ];

    public static TheoryData<string> Names => [.. All.Select(alert => alert.Name).Distinct(StringComparer.Ordinal)];

    private static IReadOnlyList<AlertRule> All { get; } =
    [.. AlertRules.All(Repository.Configuration).SelectMany(group => group.Alerts)];

    [Fact]
    public void The_alerts_are_the_published_ones_and_the_configuration_knows_no_others()
    {
        Assert.Equal(
            Contract,
            All.Select(alert => alert.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        );
        Assert.Equal(Contract, Repository.Configuration.AlertNames.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_alert_has_a_severity_words_and_a_runbook(string name)
    {
        Assert.Contains(Repository.Configuration.Alert(name)["severity"], Severities);
        Assert.All(All.Where(alert => alert.Name == name), alert =>
        {
            Assert.NotEmpty(alert.Summary);
            Assert.NotEmpty(alert.Description);
            Assert.DoesNotContain('\n', alert.Summary + alert.Description);
        });
        Assert.EndsWith("/" + name, Repository.Configuration.RunbookUrl(name), StringComparison.Ordinal);
        Assert.True(File.Exists(Repository.PathOf($"docs/runbooks/{name}.md")), $"docs/runbooks/{name}.md is missing.");
    }

    [Theory]
    [MemberData(nameof(Names))]
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
            Contract,
            Repository.Files("docs/runbooks", "Curvature*.md").Select(Path.GetFileNameWithoutExtension)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_alert_has_series_that_fire_and_series_that_must_not(string name)
    {
        var text = Repository.Read($"grafana/tests/{name}.yml");
        var asked = text.Split("alertname: ").Skip(1).ToList();
        Assert.All(asked, part => Assert.StartsWith(name + "\n", part, StringComparison.Ordinal));
        Assert.Contains(asked, part => part.Contains("- exp_labels:", StringComparison.Ordinal));
        Assert.Contains(asked, part => part.Contains("exp_alerts: []", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_of_an_alert_is_made_to_fire()
    {
        // Rules of one name differ in a label of their own; each of its values must be expected somewhere.
        foreach (var alert in All)
        {
            var text = Repository.Read($"grafana/tests/{alert.Name}.yml");
            Assert.All(alert.Labels, label =>
                Assert.Contains($"{label.Key}: \"{label.Value}\"", text, StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Promtool_finds_that_the_alert_fires_when_it_should_and_only_then(string name)
    {
        var (exitCode, output) = await ExternalTool.RunAsync(
            "promtool",
            "test",
            "rules",
            Repository.PathOf($"grafana/tests/{name}.yml")
        );
        Assert.True(exitCode == 0, output);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Promtool_accepts_rules_and_alerts_without_a_remark()
    {
        var (exitCode, output) = await ExternalTool.RunAsync(
            "promtool",
            "check",
            "rules",
            "--lint=all",
            "--lint-fatal",
            Repository.PathOf("grafana/rules.yml"),
            Repository.PathOf("grafana/alerts.yml")
        );
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("duplicate", output, StringComparison.Ordinal);
    }

    [GeneratedRegex("^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
