using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>
/// What deploy/ adds for a cluster, against itself and what it adds to; nothing is started. A real broker reads the
/// configuration in Cluster.Tests.
/// </summary>
public sealed class ClusterDeploymentTests
{
    private const string Folder = "deploy/kubernetes-cluster";

    [Fact]
    public async Task The_overlay_adds_broker_and_workers_and_names_files_that_are_there()
    {
        var kustomization = (await Yaml.ReadAsync($"{Folder}/kustomization.yaml"))[0];
        Assert.Equal("../kubernetes", (string)kustomization["resources"]![0]!);
        Assert.Equal(
            (string)(await Yaml.ReadAsync("deploy/kubernetes/kustomization.yaml"))[0]["namespace"]!,
            (string)kustomization["namespace"]!
        );
        Assert.Equal(
            ["ConfigMap", "Deployment", "Service", "StatefulSet"],
            (await ResourcesAsync()).Select(resource => (string)resource["kind"]!).Order(StringComparer.Ordinal)
        );
        Assert.All(kustomization["patches"]!.AsArray(), patch =>
            Assert.True(File.Exists(Repository.PathOf($"{Folder}/{patch!["path"]}")))
        );
    }

    [Fact]
    public async Task Selectors_find_what_they_are_for_and_every_volume_is_there()
    {
        foreach (var workload in (await ResourcesAsync()).Where(resource => resource["spec"]?["template"] is not null))
        {
            AssertWithin(
                workload["spec"]!["selector"]!["matchLabels"]!,
                workload["spec"]!["template"]!["metadata"]!["labels"]!
            );
            var volumes = (workload["spec"]!["template"]!["spec"]!["volumes"]?.AsArray() ?? [])
                .Select(volume => (string)volume!["name"]!)
                .Concat(
                    (workload["spec"]!["volumeClaimTemplates"]?.AsArray() ?? []).Select(claim =>
                        (string)claim!["metadata"]!["name"]!
                    )
                )
                .ToList();
            Assert.All(Container(workload)["volumeMounts"]!.AsArray(), mount =>
                Assert.Contains((string)mount!["name"]!, volumes)
            );
        }

        var (broker, service) = (await OneAsync("StatefulSet"), await OneAsync("Service"));
        AssertWithin(service["spec"]!["selector"]!, broker["spec"]!["template"]!["metadata"]!["labels"]!);
        Assert.Equal((string)service["metadata"]!["name"]!, (string)broker["spec"]!["serviceName"]!);
        Assert.Equal(
            (string)service["spec"]!["ports"]![0]!["targetPort"]!,
            (string)Container(broker)["ports"]![0]!["name"]!
        );
    }

    [Fact]
    public async Task The_broker_keeps_its_name_and_reads_the_configuration_of_the_repository()
    {
        var (configuration, broker) = (await OneAsync("ConfigMap"), await OneAsync("StatefulSet"));
        Assert.Equal(
            Repository.Read("deploy/rabbitmq/rabbitmq.conf").Trim(),
            ((string)configuration["data"]!["20-curvature.conf"]!).Trim()
        );
        Assert.Equal(
            Repository.Read("deploy/rabbitmq/policies.json").Trim(),
            ((string)configuration["data"]!["policies.json"]!).Trim()
        );
        Assert.Equal($"rabbit@{broker["metadata"]!["name"]}-0", Variable(broker, "RABBITMQ_NODENAME"));
        var compose = (await Yaml.ReadAsync("deploy/compose.cluster.yaml"))[0]["services"]!["broker"]!;
        Assert.Equal($"rabbit@{compose["hostname"]}", (string)compose["environment"]!["RABBITMQ_NODENAME"]!);
        Assert.Equal((string)compose["image"]!, (string)Container(broker)["image"]!);
        Assert.Matches(@"^rabbitmq:\d+\.\d+\.\d+$", (string)compose["image"]!);
    }

    [Fact]
    public async Task Everybody_finds_the_broker_and_workers_find_the_monitor()
    {
        var (worker, service) = (await OneAsync("Deployment"), await OneAsync("Service"));
        var patch = (await Yaml.ReadAsync($"{Folder}/monitor-patch.yaml"))[0];
        string host = Variable(await OneAsync("StatefulSet"), "RABBITMQ_DEFAULT_VHOST")!;
        string address =
            $"amqp://{service["metadata"]!["name"]}:{service["spec"]!["ports"]![0]!["port"]}/"
            + Uri.EscapeDataString(host);
        Assert.All([worker, patch], workload => Assert.Equal(address, Variable(workload, "CURVATURE_BROKER")));
        var monitor = (await Yaml.ReadAsync("deploy/kubernetes/monitor.yaml")).Single(resource =>
            (string)resource["kind"]! == "Service"
        );
        Assert.Equal(
            $"http://{monitor["metadata"]!["name"]}:{monitor["spec"]!["ports"]![0]!["port"]}",
            After(patch, "--public-url")
        );
        Assert.Equal(After(worker, "--device"), After(patch, "--worker-device"));
        Assert.Equal("1", (string)Container(worker)["resources"]!["limits"]!["nvidia.com/gpu"]!);
        string started = string.Join(
            ", ",
            Container(worker)["startupProbe"]!["exec"]!["command"]!.AsArray().SkipLast(1).Select(part => $"\"{part}\"")
        );
        Assert.Contains($"ENTRYPOINT [{started}]", Repository.Read("deploy/Dockerfile"), StringComparison.Ordinal);
        int port = (int)service["spec"]!["ports"]![0]!["port"]!;
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $":{port:X4}$"),
            Container(worker)["readinessProbe"]!["exec"]!["command"]!.ToJsonString(),
            StringComparison.Ordinal
        );

        // What is asked of the monitor beside the cluster stays what it is.
        var alone = Arguments(
            (await Yaml.ReadAsync("deploy/kubernetes/monitor.yaml")).Single(resource =>
                (string)resource["kind"]! == "StatefulSet"
            )
        );
        Assert.Equal(alone, Arguments(patch).Take(alone.Count));
    }

    [Fact]
    public async Task Whoever_needs_a_secret_asks_for_one_that_the_page_tells_to_make()
    {
        string told = Repository.Read("deploy/README.md");
        var asked = new[]
        {
            await OneAsync("StatefulSet"),
            await OneAsync("Deployment"),
            (await Yaml.ReadAsync($"{Folder}/monitor-patch.yaml"))[0],
        }
            .SelectMany(workload => Container(workload)["env"]!.AsArray())
            .Where(variable => variable!["valueFrom"] is not null)
            .Select(variable => variable!["valueFrom"]!["secretKeyRef"]!)
            .ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, secret =>
        {
            Assert.Equal("curvature", (string)secret["name"]!);
            Assert.Contains($"--from-literal={secret["key"]}=", told, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task The_compose_file_mounts_what_is_there_and_its_addresses_are_of_its_services()
    {
        var file = (await Yaml.ReadAsync("deploy/compose.cluster.yaml"))[0];
        var services = file["services"]!.AsObject();
        var volumes = file["volumes"]!.AsObject().Select(volume => volume.Key).ToList();
        foreach (var (_, service) in services)
        {
            foreach (
                var source in (service!["volumes"]?.AsArray() ?? []).Select(mount => ((string)mount!).Split(':')[0])
            )
            {
                Assert.True(
                    source.StartsWith('.')
                        ? File.Exists(Repository.PathOf(Path.Combine("deploy", source)))
                        : volumes.Contains(source),
                    source
                );
            }
        }

        string host = (string)services["broker"]!["environment"]!["RABBITMQ_DEFAULT_VHOST"]!;
        Assert.All(["monitor", "worker"], name =>
            Assert.Contains(
                $"amqp://broker:5672/{Uri.EscapeDataString(host)}",
                services[name]!["command"]!.AsArray().Select(part => (string)part!)
            )
        );
        string published = services["monitor"]!["command"]!
            .AsArray()
            .Select(part => (string)part!)
            .Single(part => part.StartsWith("http:", StringComparison.Ordinal));
        var monitor = (await Yaml.ReadAsync("deploy/compose.yaml"))[0]["services"]!["monitor"]!;
        Assert.Equal($"http://monitor:{((string)monitor["ports"]![0]!).Split(':')[^1]}", published);
        Assert.Contains(
            "/cache",
            Regex.Match(Repository.Read("deploy/Dockerfile"), "install -d .*").Value,
            StringComparison.Ordinal
        );
    }

    private static async Task<IReadOnlyList<JsonNode>> ResourcesAsync() =>
        [.. await Yaml.ReadAsync($"{Folder}/broker.yaml"), .. await Yaml.ReadAsync($"{Folder}/worker.yaml")];

    private static async Task<JsonNode> OneAsync(string kind) =>
        (await ResourcesAsync()).Single(resource => (string)resource["kind"]! == kind);

    private static JsonNode Container(JsonNode workload) =>
        Assert.Single(workload["spec"]!["template"]!["spec"]!["containers"]!.AsArray())!;

    private static List<string> Arguments(JsonNode workload) =>
        [.. Container(workload)["args"]!.AsArray().Select(part => (string)part!)];

    private static string After(JsonNode workload, string option) =>
        Arguments(workload)[Arguments(workload).IndexOf(option) + 1];

    private static string? Variable(JsonNode workload, string name) =>
        (string?)Container(workload)["env"]!.AsArray().Single(variable => (string)variable!["name"]! == name)!["value"];

    private static void AssertWithin(JsonNode selector, JsonNode labels) =>
        Assert.All(selector.AsObject(), label => Assert.Equal((string)label.Value!, (string?)labels[label.Key]));
}
