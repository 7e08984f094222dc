using System.Text.Json.Serialization;

namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary>The JSON of alerts, as the rest of the API writes it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IReadOnlyList<AlertPoint>))]
internal sealed partial class AlertJson : JsonSerializerContext;
