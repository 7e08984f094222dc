using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

public sealed class AlertTests
{
    private static readonly string[] Severities = ["critical", "warning", "info"];

    [Fact]
    public void The_alerts_are_the_published_ones_and_the_configuration_knows_no_others()
    {
        Assert.Equal(
            PublishedAlerts.Contract,
            PublishedAlerts
                .All.Select(alert => alert.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(PublishedAlerts.Contract, Repository.Configuration.AlertNames.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(PublishedAlerts.Names), MemberType = typeof(PublishedAlerts))]
    public void Every_alert_has_a_severity_words_and_a_runbook(string name)
    {
        Assert.Contains(Repository.Configuration.Alert(name)["severity"], Severities);
        Assert.All(PublishedAlerts.All.Where(alert => alert.Name == name), alert =>
        {
            Assert.NotEmpty(alert.Summary);
            Assert.NotEmpty(alert.Description);
            Assert.DoesNotContain('\n', alert.Summary + alert.Description);
        });
        Assert.EndsWith("/" + name, Repository.Configuration.RunbookUrl(name), StringComparison.Ordinal);
        Assert.True(File.Exists(Repository.PathOf($"docs/runbooks/{name}.md")), $"docs/runbooks/{name}.md is missing.");
    }
}
