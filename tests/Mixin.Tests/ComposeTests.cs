using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>
/// The compose file against the files that it mounts and the addresses that they name; nothing is started.
/// </summary>
public sealed partial class ComposeTests
{
    private const string Folder = "deploy";

    [Fact]
    public async Task Every_image_is_pinned_or_built_from_a_file_that_is_there()
    {
        foreach (var (name, service) in await ServicesAsync())
        {
            if (service["build"] is { } build)
            {
                Assert.True(
                    File.Exists(
                        Repository.PathOf(Path.Combine(Folder, (string)build["context"]!, (string)build["dockerfile"]!))
                    ),
                    name
                );
                continue;
            }

            Assert.Matches(@"^[a-z]+/[a-z]+:v?\d+\.\d+\.\d+$", (string)service["image"]!);
        }
    }

    [Fact]
    public async Task Every_volume_is_declared_and_every_folder_that_is_mounted_is_there()
    {
        var declared = (await Yaml.ReadAsync("deploy/compose.yaml"))[0]["volumes"]!
            .AsObject()
            .Select(volume => volume.Key)
            .ToList();
        foreach (var mount in (await ServicesAsync()).SelectMany(service => Mounts(service.Service)))
        {
            Assert.True(
                mount.Source.StartsWith('.')
                    ? Directory.Exists(Repository.PathOf(Path.Combine(Folder, mount.Source)))
                    : declared.Contains(mount.Source),
                mount.Source
            );
        }
    }

    [Fact]
    public async Task Every_configuration_that_a_server_is_told_of_is_mounted_where_it_looks_and_so_are_its_rules()
    {
        var services = await ServicesAsync();
        foreach (var (name, service) in services.Where(service => service.Service["command"] is not null))
        {
            var option = service["command"]!
                .AsArray()
                .Select(part => (string)part!)
                .Single(part => part.StartsWith("--config.file=", StringComparison.Ordinal));
            Assert.True(File.Exists(OnThisMachine(service, option["--config.file=".Length..])), $"{name}: {option}");
        }

        var prometheus = services.Single(service => service.Name == "prometheus").Service;
        foreach (var rules in (await Yaml.ReadAsync("deploy/prometheus/prometheus.yml"))[0]["rule_files"]!.AsArray())
        {
            string inside = Path.GetFullPath(Path.Combine("/etc/curvature/deploy/prometheus", (string)rules!));
            Assert.True(File.Exists(OnThisMachine(prometheus, inside)), $"Prometheus would not find {inside}");
        }
    }

    [Fact]
    public async Task Grafana_finds_its_provisioning_its_dashboards_and_its_first_page()
    {
        var grafana = (await ServicesAsync()).Single(service => service.Name == "grafana").Service;
        string home = (string)grafana["environment"]!["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]!;
        Assert.True(File.Exists(OnThisMachine(grafana, home)), home);
        var provider = (await Yaml.ReadAsync("grafana/provisioning/dashboards/curvature.yaml"))[0]["providers"]![0]!;
        Assert.Equal(
            Repository.PathOf("grafana/dashboards"),
            OnThisMachine(grafana, (string)provider["options"]!["path"]!)
        );
        Assert.Equal(Repository.PathOf("grafana/provisioning"), OnThisMachine(grafana, "/etc/grafana/provisioning"));
        var source = (await Yaml.ReadAsync("grafana/provisioning/datasources/prometheus.yaml"))[0]["datasources"]![0]!;
        Assert.Equal("prometheus", (string)source["type"]!);
        string variable = ((string)source["url"]!).Trim('$', '{', '}');
        Assert.NotNull(grafana["environment"]![variable]);
    }

    [Fact]
    public async Task Every_address_within_is_that_of_a_service_at_a_port_that_it_has()
    {
        var services = await ServicesAsync();
        var ports = services.ToDictionary(
            service => service.Name,
            service => ((string)service.Service["ports"]![0]!).Split(':')[^1]
        );
        string text = Repository.Read("deploy/prometheus/prometheus.yml") + Repository.Read("deploy/compose.yaml");
        var named = Address().Matches(text).ToList();
        Assert.Equal(
            ["alertmanager", "monitor", "prometheus"],
            named.Select(match => match.Groups["host"].Value).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.All(named, match => Assert.Equal(ports[match.Groups["host"].Value], match.Groups["port"].Value));
        Assert.All(services.SelectMany(service => service.Service["depends_on"]?.AsArray() ?? []), other =>
            Assert.Contains((string)other!, ports.Keys)
        );
        Assert.All(services.SelectMany(service => service.Service["ports"]!.AsArray()), port =>
            Assert.StartsWith("127.0.0.1:", (string)port!, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_monitor_is_asked_for_its_health_at_the_port_that_its_image_has()
    {
        var monitor = (await ServicesAsync()).Single(service => service.Name == "monitor").Service;
        string image = Repository.Read("deploy/Dockerfile");
        string port = Regex.Match(image, @"^EXPOSE (\d+)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Contains(
            $"/127.0.0.1/{port} ",
            monitor["healthcheck"]!["test"]!.ToJsonString(
                new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            ),
            StringComparison.Ordinal
        );
        string data = Regex.Match(image, @"^VOLUME (\S+)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Contains(Mounts(monitor), mount => mount.Target == data);
        Assert.Contains($"\"--data-dir\", \"{data}\"", image, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<(string Name, JsonNode Service)>> ServicesAsync() =>
        [
            .. (await Yaml.ReadAsync("deploy/compose.yaml"))[0]["services"]!
                .AsObject()
                .Select(pair => (pair.Key, pair.Value!)),
        ];

    private static IEnumerable<(string Source, string Target)> Mounts(JsonNode service) =>
        (service["volumes"]?.AsArray() ?? [])
            .Select(mount => ((string)mount!).Split(':'))
            .Select(parts => (parts[0], parts[1]));

    // Where a container's path lies in the repository.
    private static string OnThisMachine(JsonNode service, string inside)
    {
        var (source, target) = Mounts(service)
            .Where(mount => inside == mount.Target || inside.StartsWith(mount.Target + "/", StringComparison.Ordinal))
            .MaxBy(mount => mount.Target.Length);
        Assert.True(source is not null, $"nothing is mounted at {inside}");
        return Path.GetFullPath(Repository.PathOf(Path.Combine(Folder, source, inside[target.Length..].TrimStart('/'))))
            .TrimEnd('/');
    }

    [GeneratedRegex(@"(?:'|http://)(?<host>[a-z]+):(?<port>\d+)")]
    private static partial Regex Address();
}
