using System.Text.RegularExpressions;
using CurvatureMonitor.Metrics.Tests.Support;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

public sealed class DeploymentTests
{
    [Fact]
    public async Task Promtool_accepts_the_configuration_of_Prometheus_with_its_rules()
    {
        var (exitCode, output) = await ExternalTool.RunAsync(
            "promtool",
            "check",
            "config",
            Repository.PathOf("deploy/prometheus/prometheus.yml")
        );
        Assert.True(exitCode == 0, output);
        Assert.Contains("2 rule files found", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Amtool_accepts_the_configuration_of_Alertmanager()
    {
        var (exitCode, output) = await ExternalTool.RunAsync(
            "amtool",
            "check-config",
            Repository.PathOf("deploy/alertmanager/alertmanager.yml")
        );
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void The_job_that_is_scraped_is_the_one_that_rules_select() =>
        Assert.Contains(
            "job_name: curvature",
            Repository.Read("deploy/prometheus/prometheus.yml"),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_rules_for_Kubernetes_are_the_rules()
    {
        var groups = RuleGroups.Groups("grafana/rules.yml", 0) + RuleGroups.Groups("grafana/alerts.yml", 0);
        Assert.Equal(groups, RuleGroups.Groups("deploy/kubernetes/prometheus-rule.yaml", 2));
    }

    [Fact]
    public void What_compose_mounts_from_the_repository_is_there()
    {
        var mounts = Regex.Matches(Repository.Read("deploy/compose.yaml"), @"- (\.\.?/[^:\s]+):", RegexOptions.None);
        Assert.True(mounts.Count >= 5);
        Assert.All(mounts, match =>
            Assert.True(
                Directory.Exists(Repository.PathOf(Path.Combine("deploy", match.Groups[1].Value))),
                match.Groups[1].Value
            )
        );
    }
}
