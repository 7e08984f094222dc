using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Addresses within.</summary>
public sealed partial class ComposeAddressTests
{
    [Fact]
    public async Task Every_address_within_is_that_of_a_service_at_a_port_that_it_has()
    {
        var services = await ComposeFile.ServicesAsync();
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
        var monitor = (await ComposeFile.ServicesAsync()).Single(service => service.Name == "monitor").Service;
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
        Assert.Contains(ComposeFile.Mounts(monitor), mount => mount.Target == data);
        Assert.Contains($"\"--data-dir\", \"{data}\"", image, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?:'|http://)(?<host>[a-z]+):(?<port>\d+)")]
    private static partial Regex Address();
}
