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
                Modifiers = { NameKinds },
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

    /// <summary>
    /// Has events and measurements written with the name of their kind, and read by it: a closed list of types. New
    /// kinds need no word here.
    /// </summary>
    /// <param name="type">A type of some contract, which is changed where it is one of the two.</param>
    public static void NameKinds(JsonTypeInfo type)
    {
        ArgumentNullException.ThrowIfNull(type);
        Name<MonitorEvent>(type, "event");
        Name<Measurement>(type, "measurement");
    }

    private static void Name<T>(JsonTypeInfo type, string property)
    {
        if (type.Type != typeof(T))
        {
            return;
        }

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
}
