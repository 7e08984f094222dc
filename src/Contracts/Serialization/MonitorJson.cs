using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Contracts.Serialization;

/// <summary>
/// Events, measurements and messages as JSON, exactly: numbers at full precision, NaN and infinities as strings, kinds
/// of events and measurements by the name of their type. One set of rules for what is kept on disk and for what crosses
/// the network.
/// </summary>
public static class MonitorJson
{
    /// <summary>The rules.</summary>
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            IgnoreReadOnlyProperties = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver
            {
                Modifiers = { Name<MonitorEvent>("event"), Name<Measurement>("measurement") },
            },
            Converters =
            {
                new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
                new DensityConverter(),
                new DeviceConverter(),
                new UriConverter(),
            },
        };

    /// <summary>Reads what was written with <see cref="Options"/>.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="json">The text in UTF-8.</param>
    /// <exception cref="JsonException">It is damaged, or of a kind that this version does not know.</exception>
    public static T Read<T>(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("the text is null");
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    // New kinds of events and measurements are written without a word here.
    private static Action<JsonTypeInfo> Name<T>(string property) =>
        type =>
        {
            if (type.Type == typeof(T))
            {
                var polymorphism = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = property };
                foreach (
                    var derived in typeof(T)
                        .Assembly.GetTypes()
                        .Where(candidate => candidate.IsSubclassOf(typeof(T)) && !candidate.IsAbstract)
                )
                {
                    polymorphism.DerivedTypes.Add(
                        new JsonDerivedType(derived, JsonNamingPolicy.SnakeCaseLower.ConvertName(derived.Name))
                    );
                }

                type.PolymorphismOptions = polymorphism;
            }
        };
}
