using System.Text.Json;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// A JSON object of a bundle with typed access to its members; what is missing or of the wrong type is one clear line.
/// </summary>
internal sealed class JsonFields
{
    private const long LongestFile = 1 << 20;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private readonly string _source;
    private readonly string _prefix;
    private readonly JsonElement _object;

    private JsonFields(string source, string prefix, JsonElement value)
    {
        _source = source;
        _prefix = prefix;
        _object = value;
    }

    /// <summary>The names of the members.</summary>
    public IEnumerable<string> Names => _object.EnumerateObject().Select(member => member.Name);

    /// <summary>Reads a file that holds one JSON object.</summary>
    public static JsonFields ReadFile(string path, long longest = LongestFile)
    {
        try
        {
            using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete
            );
            if (stream.Length > longest)
            {
                throw new BundleException(
                    path,
                    null,
                    $"has {stream.Length} bytes, more than the {longest} that are allowed",
                    "write only what the format asks for"
                );
            }

            byte[] json = new byte[stream.Length];
            int length = stream.ReadAtLeast(json, json.Length, throwOnEndOfStream: false);
            return Parse(json.AsMemory(0, length), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw BundleException.Unreadable(path, e);
        }
    }

    /// <summary>Reads one JSON object.</summary>
    public static JsonFields Parse(ReadOnlyMemory<byte> json, string source)
    {
        try
        {
            // Python's writers may begin with a byte-order mark; JSON has none.
            ReadOnlyMemory<byte> text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
            using JsonDocument document = JsonDocument.Parse(text, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new BundleException(source, null, "is not a JSON object", "write it as { … }");
            }

            return new JsonFields(source, string.Empty, document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new BundleException(
                source,
                null,
                $"is not valid JSON ({BundleException.Reason(e)})",
                "write numbers that are not finite as null, and every key once",
                e
            );
        }
    }

    public bool Has(string key) =>
        _object.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public bool IsObject(string key) => IsOf(key, JsonValueKind.Object);

    public bool IsArray(string key) => IsOf(key, JsonValueKind.Array);

    private bool IsOf(string key, JsonValueKind kind) =>
        _object.TryGetProperty(key, out JsonElement value) && value.ValueKind == kind;

    public JsonFields Object(string key) =>
        Value(key, JsonValueKind.Object, "an object") is { } value
            ? new JsonFields(_source, $"{_prefix}{key}.", value)
            : throw Missing(key, "an object");

    public JsonFields? OptionalObject(string key) => Has(key) ? Object(key) : null;

    public string Text(string key) => OptionalText(key) ?? throw Missing(key, "a string");

    public string? OptionalText(string key) => Value(key, JsonValueKind.String, "a string")?.GetString();

    public bool? OptionalFlag(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        JsonElement value = _object.GetProperty(key);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Wrong(key, $"is {Shown(value)} where true or false is expected", "mend it");
    }

    public long Whole(string key, long least, long most) =>
        OptionalWhole(key, least, most) ?? throw Missing(key, "a whole number");

    public long? OptionalWhole(string key, long least, long most)
    {
        if (Value(key, JsonValueKind.Number, "a whole number") is not { } value)
        {
            return null;
        }

        // 128.0 is a whole number too: JavaScript and Python's numpy write it so.
        bool whole =
            value.TryGetInt64(out long number)
            || (
                value.TryGetDouble(out double real)
                && real == Math.Truncate(real)
                && Math.Abs(real) < 1L << 53
                && (number = (long)real) == real
            );
        string range = most == long.MaxValue ? $"from {least}" : $"from {least} to {most}";
        return whole && number >= least && number <= most
            ? number
            : throw Wrong(key, $"is {Shown(value)}", $"write a whole number {range}");
    }

    /// <summary>A finite number within bounds; absent and null are the same.</summary>
    public double? OptionalNumber(
        string key,
        double least = double.NegativeInfinity,
        double most = double.PositiveInfinity,
        bool belowMost = false
    )
    {
        if (Value(key, JsonValueKind.Number, "a number") is not { } value)
        {
            return null;
        }

        if (
            value.TryGetDouble(out double number)
            && double.IsFinite(number)
            && number >= least
            && (belowMost ? number < most : number <= most)
        )
        {
            return number;
        }

        string range = (double.IsFinite(least), double.IsFinite(most)) switch
        {
            (false, false) => "write a finite number",
            (true, false) => $"write a number from {least:R}",
            _ => $"write a number from {least:R} to {(belowMost ? "below " : string.Empty)}{most:R}",
        };
        throw Wrong(key, $"is {Shown(value)}", range);
    }

    /// <summary>A member as JSON without spaces.</summary>
    public string Raw(string key) => JsonSerializer.Serialize(_object.GetProperty(key));

    /// <summary>A number that may be "NaN", "Infinity" or "-Infinity", for which JSON has no number.</summary>
    public double? OptionalAnyNumber(string key)
    {
        if (!Has(key) || _object.GetProperty(key) is not { ValueKind: JsonValueKind.String } value)
        {
            return OptionalNumber(key);
        }

        return value.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw Wrong(
                key,
                $"is {Shown(value)} where a number is expected",
                "write one, or \"NaN\", \"Infinity\" or \"-Infinity\""
            ),
        };
    }

    /// <summary>An array of objects, which must be there.</summary>
    public IEnumerable<JsonFields> Objects(string key)
    {
        JsonElement array =
            Value(key, JsonValueKind.Array, "an array of objects") ?? throw Missing(key, "an array of objects");
        return array
            .EnumerateArray()
            .Select(
                (item, index) =>
                    item.ValueKind == JsonValueKind.Object
                        ? new JsonFields(_source, $"{_prefix}{key}[{index}].", item)
                        : throw Wrong(key, $"holds {Shown(item)}", "write an array of objects")
            );
    }

    /// <summary>A scalar of any type as text.</summary>
    public string ScalarText(string key)
    {
        JsonElement value = _object.GetProperty(key);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => throw Wrong(key, $"is {Shown(value)}", "write a string, a number, true or false"),
        };
    }

    /// <summary>An array of finite numbers.</summary>
    public double[]? OptionalNumbers(string key)
    {
        if (Value(key, JsonValueKind.Array, "an array of numbers") is not { } value)
        {
            return null;
        }

        return [.. value.EnumerateArray().Select(Finite)];

        double Finite(JsonElement item) =>
            item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number) && double.IsFinite(number)
                ? number
                : throw Wrong(key, $"holds {Shown(item)}", "write an array of finite numbers");
    }

    /// <summary>An array of strings.</summary>
    public string[]? OptionalTexts(string key)
    {
        return Value(key, JsonValueKind.Array, "an array of strings") is { } value
            ? [.. value.EnumerateArray().Select(Item)]
            : null;

        string Item(JsonElement item) =>
            item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw Wrong(key, $"holds {Shown(item)}", "write an array of strings");
    }

    public BundleException Wrong(string key, string problem, string remedy) =>
        new(_source, _prefix + key, problem, remedy);

    private static string Shown(JsonElement value) => BundleException.Quote(value.GetRawText());

    private BundleException Missing(string key, string what) => Wrong(key, "is missing", $"write {what}");

    private JsonElement? Value(string key, JsonValueKind kind, string what)
    {
        if (!Has(key))
        {
            return null;
        }

        JsonElement value = _object.GetProperty(key);
        return value.ValueKind == kind
            ? value
            : throw Wrong(key, $"is {Shown(value)} where {what} is expected", "mend it");
    }
}
