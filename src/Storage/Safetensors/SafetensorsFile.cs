using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>
/// A safetensors file, open for reading: an 8-byte little-endian header length, a JSON header, the tensors' bytes. The
/// header is checked whole against the file's length before anything is allocated for it; a tensor's bytes are read
/// when asked for, straight to where they are wanted.
/// </summary>
/// <remarks>
/// Files are read by position, not mapped to memory: when a writer truncates a file in place, touching a mapped page
/// ends the process, whatever the language's exceptions; a read by position merely comes back short. Several threads
/// may read at once.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    /// <summary>The longest header that is accepted, as in the reference implementation.</summary>
    public const long LongestHeader = 100_000_000;

    private const int ChunkBytes = 1 << 16;

    private readonly SafeFileHandle _handle;
    private readonly long _dataStart;
    private readonly Dictionary<string, TensorEntry> _byName;

    private SafetensorsFile(string path, SafeFileHandle handle, long dataStart, SafetensorsHeader header)
    {
        Path = path;
        _handle = handle;
        _dataStart = dataStart;
        Tensors = header.Tensors;
        Metadata = header.Strings;
        _byName = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>The strings of the header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="BundleException">There is none.</exception>
    public TensorEntry this[string name] =>
        _byName.TryGetValue(name, out TensorEntry? tensor)
            ? tensor
            : throw new BundleException(
                Path,
                name,
                "is missing",
                $"write it (the file has {Listing(Tensors.Select(t => t.Name))})"
            );

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">The file is absent, unreadable, or not a well-formed safetensors
    /// file.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                FileOptions.RandomAccess
            );
            long length = RandomAccess.GetLength(handle);
            long headerLength = PositionalReads.ReadHeaderLength(path, handle, length);
            byte[] json = new byte[headerLength];
            PositionalReads.ReadExactly(path, handle, json, PositionalReads.LengthBytes);
            SafetensorsHeader header = SafetensorsHeader.Parse(
                path,
                json,
                length - PositionalReads.LengthBytes - headerLength
            );
            return new SafetensorsFile(path, handle, PositionalReads.LengthBytes + headerLength, header);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw BundleException.Unreadable(path, e);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    /// <summary>Looks a tensor up.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out TensorEntry? tensor) =>
        _byName.TryGetValue(name, out tensor);

    /// <summary>Reads a tensor of any type as float32.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">As many numbers as the tensor has elements.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="BundleException">The file has shrunk since it was opened, or cannot be read.</exception>
    public void Read(TensorEntry tensor, Span<float> destination) => Read(tensor, destination, TensorType.Float32);

    /// <summary>Reads a tensor of any type as float64.</summary>
    /// <inheritdoc cref="Read(TensorEntry, Span{float})"/>
    public void Read(TensorEntry tensor, Span<double> destination) => Read(tensor, destination, TensorType.Float64);

    /// <summary>Reads a tensor of whole numbers.</summary>
    /// <inheritdoc cref="Read(TensorEntry, Span{float})"/>
    /// <exception cref="BundleException">The tensor's numbers are not whole or exceed 2^63 − 1, or the file cannot be
    /// read.</exception>
    public void Read(TensorEntry tensor, Span<long> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Type.IsFloatingPoint())
        {
            throw new BundleException(
                Path,
                tensor.Name,
                $"has the type {tensor.Type.Label()} where whole numbers are needed",
                "write it as I64"
            );
        }

        Read(tensor, destination, TensorType.Int64);
        if (tensor.Type == TensorType.UInt64 && destination.ContainsAnyInRange(long.MinValue, -1))
        {
            throw new BundleException(Path, tensor.Name, "has a number above 2^63 − 1", "write it as I64");
        }
    }

    /// <summary>Reads a tensor's bytes as they are.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="destination">As many bytes as it has.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    /// <exception cref="BundleException">The file has shrunk since it was opened, or cannot be read.</exception>
    public void ReadRaw(TensorEntry tensor, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (destination.Length != tensor.End - tensor.Begin)
        {
            throw new ArgumentException(
                $"{destination.Length} bytes for the {tensor.End - tensor.Begin} of {tensor.Name}",
                nameof(destination)
            );
        }

        try
        {
            ReadBytes(destination, tensor.Begin);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(tensor, e);
        }
    }

    /// <summary>Reads bytes of the tensors' part of the file.</summary>
    /// <param name="destination">Where to; all of it is filled.</param>
    /// <param name="offset">The place of the first byte, from the start of that part.</param>
    /// <exception cref="BundleException">The file has shrunk since it was opened.</exception>
    internal void ReadBytes(Span<byte> destination, long offset) =>
        PositionalReads.ReadExactly(Path, _handle, destination, _dataStart + offset);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>Names for a message: the first few, then how many more.</summary>
    internal static string Listing(IEnumerable<string> names)
    {
        const int shown = 6;
        List<string> all = [.. names];
        string list = string.Join(", ", all.Take(shown).Select(BundleException.Quote));
        return all.Count switch
        {
            0 => "none",
            <= shown => list,
            _ => $"{list} and {all.Count - shown} more",
        };
    }

    private void Read<T>(TensorEntry tensor, Span<T> destination, TensorType direct)
        where T : struct, INumber<T>
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (destination.Length != tensor.Count)
        {
            throw new ArgumentException(
                $"{destination.Length} places for the {tensor.Count} elements of {tensor.Name}",
                nameof(destination)
            );
        }

        try
        {
            if (tensor.Type == direct)
            {
                ReadDirect(tensor, destination);
            }
            else
            {
                ReadConverted(tensor, destination);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(tensor, e);
        }
    }

    private BundleException Broken(TensorEntry tensor, Exception problem) =>
        new(
            Path,
            tensor.Name,
            $"cannot be read ({problem.Message})",
            "check the disk or the network share",
            problem
        );

    // The files are little-endian, and so is every machine that .NET and libtorch both run on. A span of bytes holds at
    // most 2^31 − 1 of them.
    private void ReadDirect<T>(TensorEntry tensor, Span<T> destination)
        where T : struct
    {
        const int part = 1 << 24;
        int size = tensor.Type.Size();
        for (int done = 0; done < destination.Length; done += part)
        {
            Span<T> numbers = destination.Slice(done, Math.Min(part, destination.Length - done));
            ReadBytes(MemoryMarshal.AsBytes(numbers), tensor.Begin + ((long)done * size));
        }
    }

    private void ReadConverted<T>(TensorEntry tensor, Span<T> destination)
        where T : struct, INumber<T>
    {
        int size = tensor.Type.Size();
        int chunk = ChunkBytes / size;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (int done = 0; done < destination.Length; done += chunk)
            {
                Span<T> part = destination.Slice(done, Math.Min(chunk, destination.Length - done));
                Span<byte> bytes = buffer.AsSpan(0, part.Length * size);
                ReadBytes(bytes, tensor.Begin + ((long)done * size));
                TensorConversion.Convert(bytes, tensor.Type, part);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
