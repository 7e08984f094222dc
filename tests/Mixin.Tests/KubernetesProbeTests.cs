using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>Probes, volumes and images.</summary>
public sealed class KubernetesProbeTests
{
    [Fact]
    public async Task Probes_volumes_and_images_are_of_things_that_are_there()
    {
        var images = (await Yaml.ReadAsync($"{KubernetesFiles.Folder}/kustomization.yaml"))[0]["images"]!
            .AsArray()
            .Select(image => (string)image!["name"]!)
            .ToList();
        var monitor = await KubernetesFiles.OneAsync("StatefulSet");
        var claims = monitor["spec"]!["volumeClaimTemplates"]!
            .AsArray()
            .Select(claim => (string)claim!["metadata"]!["name"]!);
        Assert.Equal(
            claims,
            KubernetesFiles.Container(monitor)["volumeMounts"]!.AsArray().Select(mount => (string)mount!["name"]!)
        );
        Assert.All(["startupProbe", "livenessProbe", "readinessProbe"], probe =>
        {
            Assert.Equal("/healthz", (string)KubernetesFiles.Container(monitor)[probe]!["httpGet"]!["path"]!);
            Assert.Contains(
                (string)KubernetesFiles.Container(monitor)[probe]!["httpGet"]!["port"]!,
                KubernetesFiles.Container(monitor)["ports"]!.AsArray().Select(port => (string)port!["name"]!)
            );
        });
        var arguments = KubernetesFiles.Container(monitor)["args"]!.AsArray().Select(part => (string)part!).ToList();
        Assert.Equal(
            (int)KubernetesFiles.Container(monitor)["ports"]![0]!["containerPort"]!,
            int.Parse(arguments[arguments.IndexOf("--port") + 1], System.Globalization.CultureInfo.InvariantCulture)
        );
        Assert.Equal(
            (string)KubernetesFiles.Container(monitor)["volumeMounts"]![0]!["mountPath"]!,
            arguments[arguments.IndexOf("--data-dir") + 1]
        );
        Assert.Contains((string)KubernetesFiles.Container(monitor)["image"]!, images);
    }
}
