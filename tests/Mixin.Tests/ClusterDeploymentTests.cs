using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>What deploy/ adds for a cluster, against itself and what it adds to; nothing is started.</summary>
public sealed class ClusterDeploymentTests
{
    private const string Folder = "deploy/kubernetes-cluster";

    [Fact]
    public async Task The_overlay_adds_workers_and_names_files_that_are_there()
    {
        var kustomization = (await Yaml.ReadAsync($"{Folder}/kustomization.yaml"))[0];
        Assert.Equal("../kubernetes", (string)kustomization["resources"]![0]!);
        Assert.Equal(
            (string)(await Yaml.ReadAsync("deploy/kubernetes/kustomization.yaml"))[0]["namespace"]!,
            (string)kustomization["namespace"]!
        );
        Assert.Equal(
            ["Deployment", "PodDisruptionBudget", "Service"],
            (await ResourcesAsync()).Select(resource => (string)resource["kind"]!).Order(StringComparer.Ordinal)
        );
        var named = kustomization["resources"]!.AsArray().Skip(1).Select(resource => (string)resource!);
        var patches = kustomization["patches"]!.AsArray().Select(patch => (string)patch!["path"]!);
        Assert.All(
            named.Concat(patches),
            file => Assert.True(File.Exists(Repository.PathOf($"{Folder}/{file}")), file)
        );
    }

    [Fact]
    public async Task Selectors_find_what_they_are_for_and_every_volume_is_there()
    {
        var worker = await OneAsync("Deployment");
        var labels = worker["spec"]!["template"]!["metadata"]!["labels"]!;
        AssertWithin(worker["spec"]!["selector"]!["matchLabels"]!, labels);
        AssertWithin((await OneAsync("PodDisruptionBudget"))["spec"]!["selector"]!["matchLabels"]!, labels);
        foreach (var workload in new[] { worker, await PatchAsync() })
        {
            var volumes = workload["spec"]!["template"]!["spec"]!["volumes"]!
                .AsArray()
                .Select(volume => (string)volume!["name"]!)
                .ToList();
            Assert.All(
                Container(workload)["volumeMounts"]!.AsArray(),
                mount => Assert.Contains((string)mount!["name"]!, volumes)
            );
        }

        AssertWithin(
            (await OneAsync("Service"))["spec"]!["selector"]!,
            (await MonitorAsync("StatefulSet"))["spec"]!["template"]!["metadata"]!["labels"]!
        );
    }

    [Fact]
    public async Task Workers_find_the_monitor_under_the_name_that_it_has()
    {
        var (worker, service, patch) = (await OneAsync("Deployment"), await OneAsync("Service"), await PatchAsync());
        int port = (int)service["spec"]!["ports"]![0]!["port"]!;
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"{patch["metadata"]!["name"]}-0.{service["metadata"]!["name"]}:{port}"
        );
        Assert.Equal("None", (string)service["spec"]!["clusterIP"]!);
        Assert.Equal((string)service["metadata"]!["name"]!, (string)patch["spec"]!["serviceName"]!);
        Assert.Equal((name, name), (After(patch, "--listen"), After(worker, "--join")));
        Assert.All([worker, patch], workload => Assert.Equal("/credentials", After(workload, "--credentials")));
        var monitor = await MonitorAsync("Service");
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
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $":{port:X4}$"),
            Container(worker)["readinessProbe"]!["exec"]!["command"]!.ToJsonString(),
            StringComparison.Ordinal
        );

        // What is asked of the monitor beside the cluster stays what it is.
        var alone = Arguments(await MonitorAsync("StatefulSet"));
        Assert.Equal(alone, Arguments(patch).Take(alone.Count));
    }

    [Fact]
    public async Task Whoever_needs_a_secret_asks_for_one_that_the_page_tells_to_make()
    {
        string told = Repository.Read("deploy/README.md");
        var secret = Assert.Single(Container(await OneAsync("Deployment"))["env"]!.AsArray())!["valueFrom"]![
            "secretKeyRef"
        ]!;
        Assert.Equal("curvature", (string)secret["name"]!);
        Assert.Contains($"--from-literal={secret["key"]}=", told, StringComparison.Ordinal);
        foreach (var workload in new[] { await OneAsync("Deployment"), await PatchAsync() })
        {
            var volumes = workload["spec"]!["template"]!["spec"]!["volumes"]!.AsArray();
            string credentials = (string)volumes.Single(volume => volume!["secret"] is not null)!["secret"]![
                "secretName"
            ]!;
            Assert.Contains($"create secret generic {credentials} --from-file=", told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_compose_file_names_volumes_that_are_there_and_addresses_of_its_services()
    {
        var file = (await Yaml.ReadAsync("deploy/compose.cluster.yaml"))[0];
        var services = file["services"]!.AsObject();
        var volumes = file["volumes"]!.AsObject().Select(volume => volume.Key).ToList();
        foreach (var (_, service) in services)
        {
            foreach (var mount in service!["volumes"]!.AsArray())
            {
                string source = (string)mount!["source"]!;
                Assert.True(
                    (string)mount["type"]! == "volume"
                        ? volumes.Contains(source)
                        : source.StartsWith("${CURVATURE_CREDENTIALS", StringComparison.Ordinal),
                    source
                );
            }
        }

        var monitor = (await Yaml.ReadAsync("deploy/compose.yaml"))[0]["services"]!["monitor"]!;
        Assert.Equal(
            $"http://monitor:{((string)monitor["ports"]![0]!).Split(':')[^1]}",
            Following("monitor", "--public-url")
        );
        Assert.Equal(Following("monitor", "--listen"), Following("worker", "--join"));
        Assert.StartsWith("monitor:", Following("worker", "--join"), StringComparison.Ordinal);
        Assert.Contains(
            "/cache",
            Regex.Match(Repository.Read("deploy/Dockerfile"), "install -d .*").Value,
            StringComparison.Ordinal
        );

        string Following(string service, string option)
        {
            var command = services[service]!["command"]!.AsArray().Select(part => (string)part!).ToList();
            return command[command.IndexOf(option) + 1];
        }
    }

    private static async Task<IReadOnlyList<JsonNode>> ResourcesAsync() =>
        [.. await Yaml.ReadAsync($"{Folder}/service.yaml"), .. await Yaml.ReadAsync($"{Folder}/worker.yaml")];

    private static async Task<JsonNode> OneAsync(string kind) =>
        (await ResourcesAsync()).Single(resource => (string)resource["kind"]! == kind);

    private static async Task<JsonNode> PatchAsync() => (await Yaml.ReadAsync($"{Folder}/monitor-patch.yaml"))[0];

    private static async Task<JsonNode> MonitorAsync(string kind) =>
        (await Yaml.ReadAsync("deploy/kubernetes/monitor.yaml")).Single(resource => (string)resource["kind"]! == kind);

    private static JsonNode Container(JsonNode workload) =>
        Assert.Single(workload["spec"]!["template"]!["spec"]!["containers"]!.AsArray())!;

    private static List<string> Arguments(JsonNode workload) =>
        [.. Container(workload)["args"]!.AsArray().Select(part => (string)part!)];

    private static string After(JsonNode workload, string option) =>
        Arguments(workload)[Arguments(workload).IndexOf(option) + 1];

    private static void AssertWithin(JsonNode selector, JsonNode labels) =>
        Assert.All(selector.AsObject(), label => Assert.Equal((string)label.Value!, (string?)labels[label.Key]));
}
