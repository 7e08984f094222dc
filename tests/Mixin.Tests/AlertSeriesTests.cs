using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Series that make alerts fire.</summary>
public sealed class AlertSeriesTests
{
    [Theory]
    [MemberData(nameof(PublishedAlerts.Names), MemberType = typeof(PublishedAlerts))]
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
        foreach (var alert in PublishedAlerts.All)
        {
            var text = Repository.Read($"grafana/tests/{alert.Name}.yml");
            Assert.All(alert.Labels, label =>
                Assert.Contains($"{label.Key}: \"{label.Value}\"", text, StringComparison.Ordinal)
            );
        }
    }

    [Theory]
    [MemberData(nameof(PublishedAlerts.Names), MemberType = typeof(PublishedAlerts))]
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
}
