using System.Globalization;
using System.Text;
using System.Text.Json;
using CurvatureMonitor.Reports.Arrays;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// Everything known of a run as a file: JSON as the API answers it, CSV for spreadsheets and pandas, npz for NumPy.
/// </summary>
internal static class RunDownload
{
    /// <summary>The run's document, byte for byte what <c>GET /api/runs/{run}/history</c> answers.</summary>
    public static byte[] Json(RunDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, ReportJson.Options);

    /// <summary>
    /// One table: a row a measurement, or a row a training step. What is unknown is an empty cell; spectra are in the
    /// other formats.
    /// </summary>
    /// <param name="document">The run.</param>
    /// <param name="training">Whether the training is asked for, not the measurements.</param>
    public static byte[] Csv(RunDocument document, bool training)
    {
        var table = FlatTable.Of(training ? Rows(document).Training : Rows(document).Measurements);
        var text = new StringBuilder();
        text.AppendJoin(',', table.Columns.Select(Cell)).Append("\r\n");
        foreach (var row in table.Rows)
        {
            text.AppendJoin(
                    ',',
                    table.Columns.Select(column => row.TryGetValue(column, out var cell) ? Cell(Text(cell)) : "")
                )
                .Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>
    /// Arrays by name: <c>training_…</c>, and <c>ANALYSIS_OPERATOR_…</c> for the measurements, each as long as there
    /// are rows, NaN where a number is unknown. <c>…_time</c> is seconds since 1970. Eigenvalues are a matrix, a row a
    /// measurement, padded with NaN. Densities differ in length: <c>…_density_nodes</c> and <c>…_density_weights</c>
    /// follow each other, and row i is <c>[offsets[i]:offsets[i + 1]]</c>.
    /// </summary>
    public static void WriteNpz(RunDocument document, Stream stream)
    {
        var (training, measurements) = Rows(document);
        IEnumerable<KeyValuePair<string, NpyArray>> arrays = NpzColumns.Of("training", training);
        foreach (
            var group in measurements.GroupBy(row => $"{Name(row, "analysis")}_{Name(row, "operator")}".TrimEnd('_'))
        )
        {
            arrays = arrays.Concat(NpzColumns.Of(group.Key, [.. group]));
        }

        NpzFile.Write(stream, arrays);
    }

    /// <summary>The name that the file is offered under, for example <c>lenet-measurements.csv</c>.</summary>
    public static string FileName(string run, string suffix)
    {
        string plain = string.Concat(
                run.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-')
            )
            .Trim('.');
        return (plain.Length == 0 ? "run" : plain) + suffix;
    }

    private static (JsonElement[] Training, JsonElement[] Measurements) Rows(RunDocument document)
    {
        JsonElement root = JsonSerializer.SerializeToElement(document, ReportJson.Options);
        return (
            [.. root.GetProperty("training").EnumerateArray()],
            [.. root.GetProperty("measurements").EnumerateArray()]
        );
    }

    private static string Name(JsonElement row, string property) =>
        row.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";

    private static string Text(JsonElement cell) =>
        cell.ValueKind == JsonValueKind.String ? cell.GetString()! : cell.GetRawText();

    // RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe, which spreadsheets hide.
    private static string Cell(string text)
    {
        if (
            text.Length > 0
            && text[0] is '=' or '+' or '@' or '-'
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        )
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny("\",\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
