using System.Text.Json;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>Writes members that may be absent: what is not known is left out.</summary>
internal static class JsonMembers
{
    /// <summary>Writes a number; JSON has none that is not finite, and it is left out too.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(key, number);
        }
    }

    /// <summary>Writes a whole number.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(key, number);
        }
    }

    /// <summary>Writes true or false.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, bool? value)
    {
        if (value is { } flag)
        {
            json.WriteBoolean(key, flag);
        }
    }

    /// <summary>Writes a text.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
        {
            json.WriteString(key, value);
        }
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, IEnumerable<string>? values)
    {
        if (values is not null)
        {
            WriteArray(json, key, values, json.WriteStringValue);
        }
    }

    /// <summary>Writes an array of numbers.</summary>
    public static void WriteOptional(this Utf8JsonWriter json, string key, IEnumerable<double>? values)
    {
        if (values is not null)
        {
            WriteArray(json, key, values, json.WriteNumberValue);
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string key, IEnumerable<T> values, Action<T> write)
    {
        json.WriteStartArray(key);
        foreach (T value in values)
        {
            write(value);
        }

        json.WriteEndArray();
    }
}
