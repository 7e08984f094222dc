using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The manifests against each other; nothing is started.</summary>
public sealed class KubernetesTests
{
    private const string Folder = "deploy/kubernetes";

    [Fact]
    public async Task The_rule_resource_is_what_rules_and_alerts_say_when_both_are_parsed()
    {
        var rule = Assert.Single(await Yaml.ReadAsync($"{Folder}/prometheus-rule.yaml"));
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

    [Fact]
    public async Task Every_resource_has_its_kind_and_a_name_of_its_own()
    {
        var resources = await ResourcesAsync();
        Assert.Equal(
            ["Namespace", "PrometheusRule", "Service", "ServiceMonitor", "StatefulSet"],
            resources.Select(resource => (string)resource["kind"]!).Order(StringComparer.Ordinal)
        );
        Assert.All(resources, resource => Assert.NotNull(resource["apiVersion"]));
        Assert.Equal(
            (string)(await Yaml.ReadAsync($"{Folder}/kustomization.yaml"))[0]["namespace"]!,
            (string)resources.Single(resource => (string)resource["kind"]! == "Namespace")["metadata"]!["name"]!
        );
    }

    [Fact]
    public async Task The_service_finds_the_monitor_and_Prometheus_finds_the_service_by_the_job_that_rules_select()
    {
        var (monitor, service, scraped) = (
            await OneAsync("StatefulSet"),
            await OneAsync("Service"),
            await OneAsync("ServiceMonitor")
        );
        Assert.Equal((string)service["metadata"]!["name"]!, (string)monitor["spec"]!["serviceName"]!);
        AssertWithin(service["spec"]!["selector"]!, monitor["spec"]!["template"]!["metadata"]!["labels"]!);
        AssertWithin(
            monitor["spec"]!["selector"]!["matchLabels"]!,
            monitor["spec"]!["template"]!["metadata"]!["labels"]!
        );
        AssertWithin(scraped["spec"]!["selector"]!["matchLabels"]!, service["metadata"]!["labels"]!);
        var endpoint = Assert.Single(scraped["spec"]!["endpoints"]!.AsArray())!;
        var port = Assert.Single(service["spec"]!["ports"]!.AsArray())!;
        Assert.Equal(((string)port["name"]!, "/metrics"), ((string)endpoint["port"]!, (string)endpoint["path"]!));
        Assert.Contains(
            (string)port["targetPort"]!,
            Container(monitor)["ports"]!.AsArray().Select(named => (string)named!["name"]!)
        );
        string job = (string)service["metadata"]!["labels"]![(string)scraped["spec"]!["jobLabel"]!]!;
        Assert.Contains($"job=\"{job}\"", Repository.Configuration.Selector, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_volumes_and_images_are_of_things_that_are_there()
    {
        var images = (await Yaml.ReadAsync($"{Folder}/kustomization.yaml"))[0]["images"]!
            .AsArray()
            .Select(image => (string)image!["name"]!)
            .ToList();
        var monitor = await OneAsync("StatefulSet");
        var claims = monitor["spec"]!["volumeClaimTemplates"]!
            .AsArray()
            .Select(claim => (string)claim!["metadata"]!["name"]!);
        Assert.Equal(claims, Container(monitor)["volumeMounts"]!.AsArray().Select(mount => (string)mount!["name"]!));
        Assert.All(["startupProbe", "livenessProbe", "readinessProbe"], probe =>
        {
            Assert.Equal("/healthz", (string)Container(monitor)[probe]!["httpGet"]!["path"]!);
            Assert.Contains(
                (string)Container(monitor)[probe]!["httpGet"]!["port"]!,
                Container(monitor)["ports"]!.AsArray().Select(port => (string)port!["name"]!)
            );
        });
        var arguments = Container(monitor)["args"]!.AsArray().Select(part => (string)part!).ToList();
        Assert.Equal(
            (int)Container(monitor)["ports"]![0]!["containerPort"]!,
            int.Parse(arguments[arguments.IndexOf("--port") + 1], System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.Equal(
            (string)Container(monitor)["volumeMounts"]![0]!["mountPath"]!,
            arguments[arguments.IndexOf("--data-dir") + 1]
        );
        Assert.Contains((string)Container(monitor)["image"]!, images);
    }

    [Fact]
    public async Task Whoever_needs_a_secret_asks_for_the_same_one()
    {
        var asked = Container(await OneAsync("StatefulSet"))["env"]!
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

    private static async Task<IReadOnlyList<JsonNode>> ResourcesAsync()
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

    private static async Task<JsonNode> OneAsync(string kind) =>
        (await ResourcesAsync()).Single(resource => (string)resource["kind"]! == kind);

    private static JsonNode Container(JsonNode workload) =>
        Assert.Single(workload["spec"]!["template"]!["spec"]!["containers"]!.AsArray())!;

    private static void AssertWithin(JsonNode selector, JsonNode labels) =>
        Assert.All(selector.AsObject(), label => Assert.Equal((string)label.Value!, (string?)labels[label.Key]));
}
