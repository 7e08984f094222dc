using System.Text.Json.Serialization;

namespace CurvatureMonitor.Intake.Http;

/// <summary>The JSON of answers to trainers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IntakeAnswer))]
internal sealed partial class IntakeJson : JsonSerializerContext;
