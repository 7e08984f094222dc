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
        var groups = Groups("grafana/rules.yml", 0) + Groups("grafana/alerts.yml", 0);
        Assert.Equal(groups, Groups("deploy/kubernetes/prometheus-rule.yaml", 2));
    }

    [Fact]
    public void Every_file_that_the_kustomizations_name_is_there()
    {
        foreach (var folder in new[] { "deploy/kubernetes", "grafana" })
        {
            var named = Regex.Matches(
                Repository.Read($"{folder}/kustomization.yaml"),
                @"^ +- (\S+\.(?:yaml|json)|\.\./\S+)$",
                RegexOptions.Multiline
            );
            Assert.NotEmpty(named);
            Assert.All(named, match =>
                Assert.True(
                    Path.Exists(Repository.PathOf(Path.Combine(folder, match.Groups[1].Value))),
                    match.Groups[1].Value
                )
            );
        }

        Assert.All(
            Repository.Generated.Keys.Where(path => path.StartsWith("grafana/dashboards/", StringComparison.Ordinal)),
            path =>
                Assert.Contains(
                    path["grafana/".Length..],
                    Repository.Read("grafana/kustomization.yaml"),
                    StringComparison.Ordinal
                )
        );
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

    [Fact]
    public void The_worker_asks_for_a_GPU_and_is_probed()
    {
        var text = Repository.Read("deploy/kubernetes-cluster/worker.yaml");
        Assert.All(["nvidia.com/gpu: '1'", "startupProbe:", "readinessProbe:", "livenessProbe:"], part =>
            Assert.Contains(part, text, StringComparison.Ordinal)
        );
    }

    // From the first group on, less the indentation.
    private static string Groups(string path, int indentation)
    {
        var lines = Repository
            .Read(path)
            .Split('\n')
            .SkipWhile(line => !line.TrimStart().StartsWith("groups:", StringComparison.Ordinal))
            .Skip(1)
            .Where(line => line.Length > 0);
        return string.Concat(lines.Select(line => line[indentation..] + "\n"));
    }
}
