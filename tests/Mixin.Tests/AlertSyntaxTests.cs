using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Alerts as Prometheus reads them.</summary>
public sealed class AlertSyntaxTests
{
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
}
