using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>Writes safetensors files that any implementation of the format reads.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = sizeof(double);

    // Headers hold names, not markup.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes tensors to a stream. Wider element types come first and the header is padded with spaces to a multiple of
    /// 8, so that every tensor lies aligned in the file; tensors of one width keep the given order.
    /// </summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="tensors">The tensors; their names must differ.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>, or null.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved.</exception>
    public static void Write(
        Stream stream,
        IEnumerable<TensorContent> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        List<TensorContent> ordered = [.. tensors.OrderByDescending(tensor => tensor.Type.Size())];
        var header = new ArrayBufferWriter<byte>();
        WriteHeader(header, ordered, metadata);
        int padding = (Alignment - (header.WrittenCount % Alignment)) % Alignment;
        header.GetSpan(padding)[..padding].Fill((byte)' ');
        header.Advance(padding);

        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.WrittenCount);
        stream.Write(length);
        stream.Write(header.WrittenSpan);
        foreach (TensorContent tensor in ordered)
        {
            tensor.WriteTo(stream);
        }
    }

    /// <summary>Writes tensors to a file that appears under its name, whole, by rename.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The tensors; their names must differ.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>, or null.</param>
    /// <exception cref="BundleException">The file cannot be written.</exception>
    public static void WriteFile(
        string path,
        IEnumerable<TensorContent> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    ) => AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    private static void WriteHeader(
        ArrayBufferWriter<byte> buffer,
        List<TensorContent> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        if (metadata is not null)
        {
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        long begin = 0;
        foreach (TensorContent tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException(
                    $"the tensor name '{tensor.Name}' occurs twice or is reserved",
                    nameof(tensors)
                );
            }

            long end = begin + tensor.ByteLength;
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type.Label());
            WriteNumbers(json, "shape", tensor.Shape);
            WriteNumbers(json, "data_offsets", [begin, end]);
            json.WriteEndObject();
            begin = end;
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
