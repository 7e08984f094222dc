using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CurvatureMonitor.Actors.Events;
using CurvatureMonitor.Curvature;

namespace CurvatureMonitor.Host.Intake.Journal;

/// <summary>Events as JSON, exactly: numbers at full precision, NaN and infinities as strings, kinds of events and measurements by the name of their type.</summary>
internal static class EventJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Name<MonitorEvent>("event"), Name<Measurement>("measurement") } },
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new DensityConverter(), new DeviceConverter() },
    };

    /// <summary>One line, without its end.</summary>
    internal static byte[] Write(MonitorEvent monitorEvent) => JsonSerializer.SerializeToUtf8Bytes(monitorEvent, Options);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is damaged, or of a kind that this version does not know.</exception>
    internal static MonitorEvent Read(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<MonitorEvent>(line, Options) ?? throw new JsonException("the line is null");
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    // New kinds of events and measurements are journalled without a word here.
    private static Action<JsonTypeInfo> Name<T>(string property) => type =>
    {
        if (type.Type == typeof(T))
        {
            var polymorphism = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = property };
            foreach (var derived in typeof(T).Assembly.GetTypes().Where(candidate => candidate.IsSubclassOf(typeof(T)) && !candidate.IsAbstract))
            {
                polymorphism.DerivedTypes.Add(new JsonDerivedType(derived, JsonNamingPolicy.SnakeCaseLower.ConvertName(derived.Name)));
            }

            type.PolymorphismOptions = polymorphism;
        }
    };
}
