using System.Runtime.InteropServices;

namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>A tensor to be written: its name, type, shape, and its elements where they lie.</summary>
public sealed class TensorContent
{
    // A span of bytes holds at most 2^31 − 1 of them, so large tensors are written in parts.
    private const int PartLength = 1 << 24;

    private readonly Action<Stream> _write;

    private TensorContent(
        string name,
        TensorType type,
        IReadOnlyList<long> shape,
        long byteLength,
        Action<Stream> write
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(shape);
        long expected = shape.Aggregate((long)type.Size(), (product, extent) => checked(product * extent));
        if (shape.Any(extent => extent < 0) || expected != byteLength)
        {
            throw new ArgumentException(
                $"'{name}': {byteLength} bytes do not make {type.Label()} {TensorEntry.Text(shape)}",
                nameof(shape)
            );
        }

        Name = name;
        Type = type;
        Shape = shape;
        ByteLength = byteLength;
        _write = write;
    }

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>The type it is written as.</summary>
    public TensorType Type { get; }

    /// <summary>Its shape.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Its length in bytes.</summary>
    internal long ByteLength { get; }

    /// <summary>A float32 tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="values">Its elements, row-major; not copied.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the shape.</exception>
    public static TensorContent From(string name, IReadOnlyList<long> shape, ReadOnlyMemory<float> values) =>
        new(name, TensorType.Float32, shape, sizeof(float) * (long)values.Length, stream => Write(stream, values));

    /// <summary>A float64 tensor.</summary>
    /// <inheritdoc cref="From(string, IReadOnlyList{long}, ReadOnlyMemory{float})"/>
    public static TensorContent From(string name, IReadOnlyList<long> shape, ReadOnlyMemory<double> values) =>
        new(name, TensorType.Float64, shape, sizeof(double) * (long)values.Length, stream => Write(stream, values));

    /// <summary>A tensor of whole numbers, written as I64.</summary>
    /// <inheritdoc cref="From(string, IReadOnlyList{long}, ReadOnlyMemory{float})"/>
    public static TensorContent From(string name, IReadOnlyList<long> shape, ReadOnlyMemory<long> values) =>
        new(name, TensorType.Int64, shape, sizeof(long) * (long)values.Length, stream => Write(stream, values));

    /// <summary>A tensor of any type from its little-endian bytes.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="bytes">Its elements, row-major; not copied.</param>
    /// <exception cref="ArgumentException">The number of bytes is not that of the shape.</exception>
    public static TensorContent FromBytes(
        string name,
        TensorType type,
        IReadOnlyList<long> shape,
        ReadOnlyMemory<byte> bytes
    ) => new(name, type, shape, bytes.Length, stream => stream.Write(bytes.Span));

    /// <summary>Writes its little-endian bytes.</summary>
    internal void WriteTo(Stream stream) => _write(stream);

    private static void Write<T>(Stream stream, ReadOnlyMemory<T> values)
        where T : struct
    {
        for (int done = 0; done < values.Length; done += PartLength)
        {
            stream.Write(MemoryMarshal.AsBytes(values.Span.Slice(done, Math.Min(PartLength, values.Length - done))));
        }
    }
}
