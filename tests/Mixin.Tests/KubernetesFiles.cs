using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The manifests.</summary>
internal static class KubernetesFiles
{
    public const string Folder = "deploy/kubernetes";

    public static async Task<IReadOnlyList<JsonNode>> ResourcesAsync()
    {
        var resources = new List<JsonNode>();
        foreach (
            var file in (await Yaml.ReadAsync($"{Folder}/kustomization.yaml"))[0]["resources"]!
                .AsArray()
                .Select(file => (string)file!)
        )
        {
            if (file.EndsWith(".yaml", StringComparison.Ordinal))
            {
                resources.AddRange(await Yaml.ReadAsync($"{Folder}/{file}"));
            }
        }

        return resources;
    }

    public static async Task<JsonNode> OneAsync(string kind) =>
        (await ResourcesAsync()).Single(resource => (string)resource["kind"]! == kind);

    public static JsonNode Container(JsonNode workload) =>
        Assert.Single(workload["spec"]!["template"]!["spec"]!["containers"]!.AsArray())!;

    public static void AssertWithin(JsonNode selector, JsonNode labels) =>
        Assert.All(selector.AsObject(), label => Assert.Equal((string)label.Value!, (string?)labels[label.Key]));
}
