using System.Text.Json;

namespace CurvatureMonitor.Reports.Arrays;

/// <summary>
/// JSON objects as rows of a table: a number, text or truth value inside an object becomes the column
/// <c>object_member</c>; arrays are left out. Whatever the contract gains appears by itself.
/// </summary>
/// <param name="Columns">Every column that any row has, in the order in which they were first seen.</param>
/// <param name="Rows">Cells of each row by column.</param>
internal sealed record FlatTable(
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Rows
)
{
    public static FlatTable Of(IEnumerable<JsonElement> objects)
    {
        var columns = new OrderedDictionary<string, bool>();
        var rows = new List<IReadOnlyDictionary<string, JsonElement>>();
        foreach (var item in objects)
        {
            var row = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            Flatten(item, "", row);
            foreach (string column in row.Keys)
            {
                columns.TryAdd(column, true);
            }

            rows.Add(row);
        }

        return new FlatTable([.. columns.Keys], rows);
    }

    private static void Flatten(JsonElement item, string prefix, Dictionary<string, JsonElement> row)
    {
        foreach (var member in item.EnumerateObject())
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Object:
                    Flatten(member.Value, prefix + member.Name + "_", row);
                    break;
                case JsonValueKind.Array or JsonValueKind.Null:
                    break;
                default:
                    row[prefix + member.Name] = member.Value;
                    break;
            }
        }
    }
}
