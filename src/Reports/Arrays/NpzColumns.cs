using System.Text.Json;

namespace CurvatureMonitor.Reports.Arrays;

/// <summary>Rows of the API as NumPy's arrays.</summary>
internal static class NpzColumns
{
    /// <summary>The arrays of one kind of rows, a column each; <c>PREFIX_COLUMN</c> is their name.</summary>
    public static IEnumerable<KeyValuePair<string, NpyArray>> Of(string prefix, IReadOnlyList<JsonElement> rows)
    {
        var table = FlatTable.Of(rows);
        foreach (string column in table.Columns)
        {
            if (Column(column, table) is { } array)
            {
                yield return new($"{prefix}_{column}", array);
            }
        }

        foreach (var array in Eigenvalues(prefix, rows).Concat(Densities(prefix, rows)))
        {
            yield return array;
        }
    }

    private static NpyArray? Column(string column, FlatTable table)
    {
        var cells = table.Rows.Select(row => row.TryGetValue(column, out var cell) ? cell : default).ToArray();
        if (column == "step")
        {
            return NpyArray.Of(cells.Select(cell => cell.GetInt64()).ToArray().AsSpan());
        }

        if (column == "time")
        {
            return NpyArray.Of(
                cells.Select(cell => cell.GetDateTimeOffset().ToUnixTimeMilliseconds() / 1000.0).ToArray().AsSpan()
            );
        }

        return cells.All(cell => cell.ValueKind is JsonValueKind.Number or JsonValueKind.Undefined)
            ? NpyArray.Of(
                cells
                    .Select(cell => cell.ValueKind == JsonValueKind.Number ? cell.GetDouble() : double.NaN)
                    .ToArray()
                    .AsSpan()
            )
            : null;
    }

    private static IEnumerable<KeyValuePair<string, NpyArray>> Eigenvalues(
        string prefix,
        IReadOnlyList<JsonElement> rows
    )
    {
        double[][] values =
        [
            .. rows.Select(row => row.TryGetProperty("eigenvalues", out var list) ? Numbers(list) : []),
        ];
        int columns = values.Length == 0 ? 0 : values.Max(row => row.Length);
        if (columns > 0)
        {
            double[] matrix =
            [
                .. values.SelectMany(row => row.Concat(Enumerable.Repeat(double.NaN, columns - row.Length))),
            ];
            yield return new($"{prefix}_eigenvalues", NpyArray.Of(matrix, columns));
        }
    }

    private static IEnumerable<KeyValuePair<string, NpyArray>> Densities(string prefix, IReadOnlyList<JsonElement> rows)
    {
        if (!rows.Any(row => row.TryGetProperty("density", out _)))
        {
            yield break;
        }

        double[][] nodes =
        [
            .. rows.Select(row =>
                row.TryGetProperty("density", out var density) ? Numbers(density.GetProperty("nodes")) : []
            ),
        ];
        double[][] weights =
        [
            .. rows.Select(row =>
                row.TryGetProperty("density", out var density) ? Numbers(density.GetProperty("weights")) : []
            ),
        ];
        long[] offsets = new long[nodes.Length + 1];
        for (int i = 0; i < nodes.Length; i++)
        {
            offsets[i + 1] = offsets[i] + nodes[i].Length;
        }

        yield return new($"{prefix}_density_nodes", NpyArray.Of([.. nodes.SelectMany(row => row)]));
        yield return new($"{prefix}_density_weights", NpyArray.Of([.. weights.SelectMany(row => row)]));
        yield return new($"{prefix}_density_offsets", NpyArray.Of(offsets.AsSpan()));
    }

    private static double[] Numbers(JsonElement list) =>
        [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
