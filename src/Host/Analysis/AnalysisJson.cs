using System.Text.Json.Serialization;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>The JSON of analyses: snake_case names, nothing for what is unknown, numbers at full precision.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AnalysisDocument))]
[JsonSerializable(typeof(IReadOnlyList<AnalysisDocument>))]
internal sealed partial class AnalysisJson : JsonSerializerContext;
