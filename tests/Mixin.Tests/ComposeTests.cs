using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>
/// The compose file against the files that it mounts and the addresses that they name; nothing is started.
/// </summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task Every_configuration_that_a_server_is_told_of_is_mounted_where_it_looks_and_so_are_its_rules()
    {
        var services = await ComposeFile.ServicesAsync();
        foreach (var (name, service) in services.Where(service => service.Service["command"] is not null))
        {
            var option = service["command"]!
                .AsArray()
                .Select(part => (string)part!)
                .Single(part => part.StartsWith("--config.file=", StringComparison.Ordinal));
            Assert.True(
                File.Exists(ComposeFile.OnThisMachine(service, option["--config.file=".Length..])),
                $"{name}: {option}"
            );
        }

        var prometheus = services.Single(service => service.Name == "prometheus").Service;
        foreach (var rules in (await Yaml.ReadAsync("deploy/prometheus/prometheus.yml"))[0]["rule_files"]!.AsArray())
        {
            string inside = Path.GetFullPath(Path.Combine("/etc/curvature/deploy/prometheus", (string)rules!));
            Assert.True(
                File.Exists(ComposeFile.OnThisMachine(prometheus, inside)),
                $"Prometheus would not find {inside}"
            );
        }
    }

    [Fact]
    public async Task Grafana_finds_its_provisioning_its_dashboards_and_its_first_page()
    {
        var grafana = (await ComposeFile.ServicesAsync()).Single(service => service.Name == "grafana").Service;
        string home = (string)grafana["environment"]!["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]!;
        Assert.True(File.Exists(ComposeFile.OnThisMachine(grafana, home)), home);
        var provider = (await Yaml.ReadAsync("grafana/provisioning/dashboards/curvature.yaml"))[0]["providers"]![0]!;
        Assert.Equal(
            Repository.PathOf("grafana/dashboards"),
            ComposeFile.OnThisMachine(grafana, (string)provider["options"]!["path"]!)
        );
        Assert.Equal(
            Repository.PathOf("grafana/provisioning"),
            ComposeFile.OnThisMachine(grafana, "/etc/grafana/provisioning")
        );
        var source = (await Yaml.ReadAsync("grafana/provisioning/datasources/prometheus.yaml"))[0]["datasources"]![0]!;
        Assert.Equal("prometheus", (string)source["type"]!);
        string variable = ((string)source["url"]!).Trim('$', '{', '}');
        Assert.NotNull(grafana["environment"]![variable]);
    }
}
