using System.Text.Json.Serialization;

namespace CurvatureMonitor.Host.Http;

/// <summary>
/// The JSON of the monitor's HTTP contract: snake_case names, nothing for what is unknown, numbers at full precision.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(RunSnapshot))]
[JsonSerializable(typeof(TrainingPoint))]
[JsonSerializable(typeof(MeasurementPoint))]
[JsonSerializable(typeof(RunEvent))]
internal sealed partial class PageJson : JsonSerializerContext;
