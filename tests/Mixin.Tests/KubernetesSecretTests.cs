using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Kinds, names and secrets.</summary>
public sealed class KubernetesSecretTests
{
    [Fact]
    public async Task Every_resource_has_its_kind_and_a_name_of_its_own()
    {
        var resources = await KubernetesFiles.ResourcesAsync();
        Assert.Equal(
            ["Namespace", "PrometheusRule", "Service", "ServiceMonitor", "StatefulSet"],
            resources.Select(resource => (string)resource["kind"]!).Order(StringComparer.Ordinal)
        );
        Assert.All(resources, resource => Assert.NotNull(resource["apiVersion"]));
        Assert.Equal(
            (string)(await Yaml.ReadAsync($"{KubernetesFiles.Folder}/kustomization.yaml"))[0]["namespace"]!,
            (string)resources.Single(resource => (string)resource["kind"]! == "Namespace")["metadata"]!["name"]!
        );
    }

    [Fact]
    public async Task Whoever_needs_a_secret_asks_for_the_same_one()
    {
        var asked = KubernetesFiles.Container(await KubernetesFiles.OneAsync("StatefulSet"))["env"]!
            .AsArray()
            .Where(variable => variable!["valueFrom"] is not null)
            .Select(variable => variable!["valueFrom"]!["secretKeyRef"]!);
        string told = Repository.Read("deploy/README.md");
        Assert.All(asked, secret =>
        {
            Assert.Equal("curvature", (string)secret["name"]!);
            Assert.Contains($"--from-literal={secret["key"]}=", told, StringComparison.Ordinal);
        });
    }
}
