using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The compose file.</summary>
internal static class ComposeFile
{
    public const string Folder = "deploy";

    public static async Task<IReadOnlyList<(string Name, JsonNode Service)>> ServicesAsync() =>
        [
            .. (await Yaml.ReadAsync("deploy/compose.yaml"))[0]["services"]!
                .AsObject()
                .Select(pair => (pair.Key, pair.Value!)),
        ];

    public static IEnumerable<(string Source, string Target)> Mounts(JsonNode service) =>
        (service["volumes"]?.AsArray() ?? [])
            .Select(mount => ((string)mount!).Split(':'))
            .Select(parts => (parts[0], parts[1]));

    // Where a container's path lies in the repository.
    public static string OnThisMachine(JsonNode service, string inside)
    {
        var (source, target) = Mounts(service)
            .Where(mount => inside == mount.Target || inside.StartsWith(mount.Target + "/", StringComparison.Ordinal))
            .MaxBy(mount => mount.Target.Length);
        Assert.True(source is not null, $"nothing is mounted at {inside}");
        return Path.GetFullPath(Repository.PathOf(Path.Combine(Folder, source, inside[target.Length..].TrimStart('/'))))
            .TrimEnd('/');
    }
}
