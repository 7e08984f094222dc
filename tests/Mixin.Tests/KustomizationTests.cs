using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The files of the kustomizations.</summary>
public sealed class KustomizationTests
{
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
    public void The_worker_asks_for_a_GPU_and_is_probed()
    {
        var text = Repository.Read("deploy/kubernetes-cluster/worker.yaml");
        Assert.All(["nvidia.com/gpu: '1'", "startupProbe:", "readinessProbe:", "livenessProbe:"], part =>
            Assert.Contains(part, text, StringComparison.Ordinal)
        );
    }
}
