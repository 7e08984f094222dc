using System.Text.Json;

namespace CurvatureMonitor.Storage.Tests.Formats;

/// <summary>Every value of a JSON text with the path that leads to it.</summary>
internal static class JsonLeaves
{
    internal static IReadOnlyList<string> Of(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Of(document.RootElement, "")];
    }

    private static IEnumerable<string> Of(JsonElement element, string path) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().SelectMany(item => Of(item.Value, $"{path}.{item.Name}")),
            JsonValueKind.Array => element
                .EnumerateArray()
                .Index()
                .SelectMany(item => Of(item.Item, $"{path}[{item.Index}]")),
            _ => [$"{path} = {element.GetRawText()}"],
        };
}
