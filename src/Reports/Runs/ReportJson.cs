using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// The JSON of documents, of files as over HTTP: snake_case names, nothing for what is unknown, numbers at full
/// precision.
/// </summary>
internal static class ReportJson
{
    /// <summary>The rules.</summary>
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Finite.Only } },
        };
}
