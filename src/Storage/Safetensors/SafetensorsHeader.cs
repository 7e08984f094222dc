using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;

namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>
/// The parsed and checked header of a safetensors file: one JSON object with an entry a tensor and, optionally,
/// <c>__metadata__</c> with strings. The format demands that the tensors cover the data without overlap or hole; so
/// does this reader.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const string Metadata = "__metadata__";

    // libtorch itself allows no more dimensions in most operations.
    private const int LargestRank = 64;
    private const string WriteAgain = "write the file again";

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    private readonly string _file;
    private readonly List<TensorEntry> _tensors = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(string file) => _file = file;

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Tensors => _tensors;

    /// <summary>The strings of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Strings => _metadata;

    /// <summary>Parses and checks a header.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">The number of bytes that follow the header in the file.</param>
    /// <exception cref="BundleException">The header is no valid JSON, or describes tensors that the file cannot
    /// hold.</exception>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(file);
        if (!Utf8.IsValid(json))
        {
            throw new BundleException(file, null, "has a header that is not UTF-8", WriteAgain);
        }

        try
        {
            var reader = new Utf8JsonReader(json, Options);
            header.ReadObject(ref reader);
            if (reader.Read())
            {
                throw header.Malformed(null, "has text after its header's JSON object");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with an escaped lone surrogate.
            throw new BundleException(
                file,
                null,
                $"has a header that is not valid JSON ({BundleException.Reason(e)})",
                WriteAgain,
                e
            );
        }

        header.CheckCover(dataLength);
        return header;
    }

    private void ReadObject(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Malformed(null, "has a header that is not a JSON object");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw Malformed(name, "occurs twice in the header");
            }

            reader.Read();
            if (name == Metadata)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                _tensors.Add(ReadTensor(ref reader, name));
            }
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, Metadata, "is not an object of strings");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            Require(
                reader.TokenType == JsonTokenType.String,
                Metadata,
                $"has a '{BundleException.Quote(key)}' that is not a string"
            );
            Require(_metadata.TryAdd(key, reader.GetString()!), Metadata, $"has '{BundleException.Quote(key)}' twice");
        }
    }

    private TensorEntry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        Require(reader.TokenType == JsonTokenType.StartObject, name, "is not described by an object");
        string? label = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype":
                    Require(label is null, name, "has 'dtype' twice");
                    Require(reader.TokenType == JsonTokenType.String, name, "has a 'dtype' that is not a string");
                    label = reader.GetString()!;
                    break;
                case "shape":
                    Require(shape is null, name, "has 'shape' twice");
                    shape = ReadSizes(ref reader, name, key, LargestRank);
                    break;
                case "data_offsets":
                    Require(offsets is null, name, "has 'data_offsets' twice");
                    offsets = ReadSizes(ref reader, name, key, 2);
                    break;
                default:
                    // Later versions of the format may say more about a tensor.
                    reader.Skip();
                    break;
            }
        }

        Require(label is not null, name, "has no 'dtype'");
        Require(shape is not null, name, "has no 'shape'");
        Require(offsets is { Count: 2 }, name, "has no 'data_offsets' [begin, end]");
        if (!TensorTypes.TryParse(label!, out TensorType type))
        {
            throw new BundleException(
                _file,
                name,
                $"has the type {BundleException.Quote(label!)}",
                $"write it as one of {TensorTypes.Known}"
            );
        }

        long bytes = ByteLength(name, type, shape!);
        long begin = offsets![0];
        long end = offsets[1];
        Require(begin <= end, name, $"ends at byte {end}, before it begins at {begin}");
        Require(
            end - begin == bytes,
            name,
            $"has {end - begin} bytes where {type.Label()} {TensorEntry.Text(shape!)} takes {bytes}"
        );
        return new TensorEntry(name, type, shape!, begin, end);
    }

    private List<long> ReadSizes(ref Utf8JsonReader reader, string name, string key, int most)
    {
        Require(reader.TokenType == JsonTokenType.StartArray, name, $"has a '{key}' that is not an array");
        List<long> sizes = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Require(
                reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long size) && size >= 0,
                name,
                $"has a '{key}' with something that is not a whole number from 0 to 2^63 − 1"
            );
            Require(sizes.Count < most, name, $"has a '{key}' with more than {most} numbers");
            sizes.Add(reader.GetInt64());
        }

        return sizes;
    }

    private long ByteLength(string name, TensorType type, List<long> shape)
    {
        try
        {
            long length = type.Size();
            foreach (long extent in shape)
            {
                length = checked(length * extent);
            }

            return length;
        }
        catch (OverflowException)
        {
            throw Malformed(name, $"has the shape {TensorEntry.Text(shape)}, which no file can hold");
        }
    }

    // With the lengths known to fit the shapes, sorting by begin shows overlaps, holes and a data part of another size
    // at once.
    private void CheckCover(long dataLength)
    {
        _tensors.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long covered = 0;
        TensorEntry? last = null;
        foreach (TensorEntry tensor in _tensors)
        {
            if (tensor.End > dataLength)
            {
                throw new BundleException(
                    _file,
                    tensor.Name,
                    $"ends at byte {tensor.End} of the data, of which the file has {dataLength}: it is truncated",
                    WriteAgain
                );
            }

            Require(
                tensor.Begin >= covered,
                tensor.Name,
                $"overlaps '{BundleException.Quote(last?.Name ?? string.Empty)}'"
            );
            Require(
                tensor.Begin == covered,
                tensor.Name,
                $"begins at byte {tensor.Begin} of the data, after a hole of {tensor.Begin - covered} bytes"
            );
            covered = tensor.End;
            last = tensor;
        }

        Require(covered == dataLength, null, $"has {dataLength - covered} bytes after its last tensor");
    }

    private void Require(
        bool condition,
        string? item,
        [InterpolatedStringHandlerArgument(nameof(condition))] ref ProblemText problem
    )
    {
        if (!condition)
        {
            throw Malformed(item, problem.ToString());
        }
    }

    private void Require(bool condition, string? item, string problem)
    {
        if (!condition)
        {
            throw Malformed(item, problem);
        }
    }

    private BundleException Malformed(string? item, string problem) => new(_file, item, problem, WriteAgain);

    /// <summary>
    /// A message that is put together only where it is needed: a header of many tensors is checked in many ways.
    /// </summary>
    [InterpolatedStringHandler]
    private ref struct ProblemText
    {
        private DefaultInterpolatedStringHandler _text;

        public ProblemText(int literalLength, int formattedCount, bool condition, out bool isNeeded)
        {
            isNeeded = !condition;
            _text = isNeeded
                ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture)
                : default;
        }

        public void AppendLiteral(string value) => _text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
