using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The rules as a resource.</summary>
public sealed class KubernetesRuleTests
{
    [Fact]
    public async Task The_rule_resource_is_what_rules_and_alerts_say_when_both_are_parsed()
    {
        var rule = Assert.Single(await Yaml.ReadAsync($"{KubernetesFiles.Folder}/prometheus-rule.yaml"));
        Assert.Equal("PrometheusRule", (string)rule["kind"]!);
        var groups = new List<JsonNode?>();
        foreach (var file in new[] { "grafana/rules.yml", "grafana/alerts.yml" })
        {
            groups.AddRange((await Yaml.ReadAsync(file))[0]["groups"]!.AsArray());
        }

        Assert.Equal(
            groups.Select(group => group!.ToJsonString()),
            rule["spec"]!["groups"]!.AsArray().Select(group => group!.ToJsonString())
        );
    }
}
