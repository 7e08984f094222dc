using System.Text.Json.Nodes;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests.Support;

/// <summary>
/// Reads YAML as JSON, with the parser of Debian's python3-yaml: what other programs will read, not what we believe to
/// have written.
/// </summary>
internal static class Yaml
{
    // Keys that are there twice are an error here; the parser would take the last one.
    private const string Program = """
        import json, sys, yaml
        class Strict(yaml.SafeLoader):
            pass
        def mapping(loader, node):
            keys = [key.value for key, _ in node.value]
            if len(keys) != len(set(keys)):
                raise SystemExit(f"a key is there twice: {keys}")
            loader.flatten_mapping(node)
            read = loader.construct_object
            return {read(key): read(value, deep=True) for key, value in node.value}
        Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
        json.dump(list(yaml.load_all(open(sys.argv[1], encoding="utf-8"), Strict)), sys.stdout)
        """;

    /// <summary>The documents of a file.</summary>
    /// <param name="path">The file, from the repository's root.</param>
    public static async Task<IReadOnlyList<JsonNode>> ReadAsync(string path)
    {
        var (exitCode, output) = await ExternalTool.RunAsync(
            "/usr/bin/python3",
            "-c",
            Program,
            Repository.PathOf(path)
        );
        Assert.True(exitCode == 0, $"{path}: {output}");
        return [.. JsonNode.Parse(output)!.AsArray().Select(document => document!)];
    }
}
