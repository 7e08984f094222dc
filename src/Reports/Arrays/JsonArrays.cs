using System.Text.Json;
using System.Text.Json.Nodes;

namespace CurvatureMonitor.Reports.Arrays;

/// <summary>
/// The mapping between a JSON document and named arrays: a member is named by its path with slashes between
/// (<c>operators/hessian/eigenvalues</c>); whole numbers become int64, others float64, lists of numbers vectors of
/// float64, lists of such lists matrices.
/// </summary>
internal static class JsonArrays
{
    internal static IEnumerable<KeyValuePair<string, NpyArray>> Flatten(JsonElement document) =>
        Flatten(document, string.Empty);

    /// <summary>
    /// The document that the arrays came from. A vector of numbers is one again; texts and numbers are themselves.
    /// </summary>
    internal static JsonObject Nest(IEnumerable<KeyValuePair<string, NpyArray>> arrays)
    {
        var root = new JsonObject();
        foreach (var (name, array) in arrays)
        {
            string[] parts = name.Split('/');
            var parent = root;
            foreach (string part in parts.SkipLast(1))
            {
                if (parent[part] is not JsonObject child)
                {
                    parent[part] = child = [];
                }

                parent = child;
            }

            parent[parts[^1]] = ToNode(array.Value);
        }

        return root;
    }

    private static IEnumerable<KeyValuePair<string, NpyArray>> Flatten(JsonElement element, string name) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member => Flatten(member.Value, name.Length == 0 ? member.Name : $"{name}/{member.Name}")),
            JsonValueKind.Array
                when element.GetArrayLength() > 0
                    && element[0].ValueKind == JsonValueKind.Array
                    && element[0].GetArrayLength() > 0 =>
            [
                new(
                    name,
                    NpyArray.Of(
                        [
                            .. element
                                .EnumerateArray()
                                .SelectMany(row => row.EnumerateArray())
                                .Select(item => item.GetDouble()),
                        ],
                        element[0].GetArrayLength()
                    )
                ),
            ],
            JsonValueKind.Array =>
            [
                new(name, NpyArray.Of([.. element.EnumerateArray().Select(item => item.GetDouble())])),
            ],
            JsonValueKind.Number =>
            [
                new(name, element.TryGetInt64(out long whole) ? NpyArray.Of(whole) : NpyArray.Of(element.GetDouble())),
            ],
            JsonValueKind.True or JsonValueKind.False => [new(name, NpyArray.Of(element.GetBoolean()))],
            JsonValueKind.String => [new(name, NpyArray.Of(element.GetString()!))],
            _ => [],
        };

    private static JsonNode ToNode(object value) =>
        value switch
        {
            double number => JsonValue.Create(number),
            long number => JsonValue.Create(number),
            bool truth => JsonValue.Create(truth),
            double[] numbers => new JsonArray([.. numbers.Select(number => (JsonNode)JsonValue.Create(number))]),
            double[][] rows => new JsonArray([.. rows.Select(ToNode)]),
            long[] numbers => new JsonArray([.. numbers.Select(number => (JsonNode)JsonValue.Create(number))]),
            _ => JsonValue.Create((string)value),
        };
}
