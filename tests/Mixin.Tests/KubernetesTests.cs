using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The manifests against each other; nothing is started.</summary>
public sealed class KubernetesTests
{
    [Fact]
    public async Task The_service_finds_the_monitor_and_Prometheus_finds_the_service_by_the_job_that_rules_select()
    {
        var (monitor, service, scraped) = (
            await KubernetesFiles.OneAsync("StatefulSet"),
            await KubernetesFiles.OneAsync("Service"),
            await KubernetesFiles.OneAsync("ServiceMonitor")
        );
        Assert.Equal((string)service["metadata"]!["name"]!, (string)monitor["spec"]!["serviceName"]!);
        KubernetesFiles.AssertWithin(
            service["spec"]!["selector"]!,
            monitor["spec"]!["template"]!["metadata"]!["labels"]!
        );
        KubernetesFiles.AssertWithin(
            monitor["spec"]!["selector"]!["matchLabels"]!,
            monitor["spec"]!["template"]!["metadata"]!["labels"]!
        );
        KubernetesFiles.AssertWithin(scraped["spec"]!["selector"]!["matchLabels"]!, service["metadata"]!["labels"]!);
        var endpoint = Assert.Single(scraped["spec"]!["endpoints"]!.AsArray())!;
        var port = Assert.Single(service["spec"]!["ports"]!.AsArray())!;
        Assert.Equal(((string)port["name"]!, "/metrics"), ((string)endpoint["port"]!, (string)endpoint["path"]!));
        Assert.Contains(
            (string)port["targetPort"]!,
            KubernetesFiles.Container(monitor)["ports"]!.AsArray().Select(named => (string)named!["name"]!)
        );
        string job = (string)service["metadata"]!["labels"]![(string)scraped["spec"]!["jobLabel"]!]!;
        Assert.Contains($"job=\"{job}\"", Repository.Configuration.Selector, StringComparison.Ordinal);
    }
}
