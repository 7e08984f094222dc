using System.Buffers.Binary;
using System.IO.Compression;

namespace CurvatureMonitor.Training.Data;

/// <summary>
/// Reads the idx files of MNIST: a big-endian magic number (two zero bytes, the element type 0x08 for unsigned bytes,
/// the number of dimensions), one 32-bit extent a dimension, then the elements (LeCun, Cortes and Burges, "The MNIST
/// database of handwritten digits"). Everything the header claims is checked against the file before memory is taken
/// for it.
/// </summary>
internal static class IdxFile
{
    private const int UnsignedByte = 0x08;

    // Deflate cannot expand a byte to more than 1032, so a compressed file bounds what its header may claim.
    private const long LargestDeflateRatio = 1032;

    /// <summary>Reads one file, compressed or not.</summary>
    /// <param name="path">The file; a name that ends in <c>.gz</c> is decompressed.</param>
    /// <param name="dimensions">The number of dimensions that it must have.</param>
    /// <exception cref="DatasetException">The file is absent, unreadable, truncated, too long or of another
    /// kind.</exception>
    public static IdxArray Read(string path, int dimensions)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                return Read(file, path, dimensions, file.Length, exact: true);
            }

            using GZipStream unzipped = new(file, CompressionMode.Decompress);
            return Read(unzipped, path, dimensions, checked(file.Length * LargestDeflateRatio), exact: false);
        }
        catch (InvalidDataException e)
        {
            throw new DatasetException(path, "is not a valid gzip file", "unpack it by hand or fetch it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetException(
                path,
                $"cannot be read ({OneLine(e.Message)})",
                "check the path and its permissions",
                e
            );
        }
    }

    /// <summary>Reads a compressed idx stream that ships with the program.</summary>
    /// <param name="compressed">The gzip stream; left open.</param>
    /// <param name="name">The name used in errors.</param>
    /// <param name="dimensions">The number of dimensions that it must have.</param>
    public static IdxArray ReadCompressed(Stream compressed, string name, int dimensions)
    {
        using GZipStream unzipped = new(compressed, CompressionMode.Decompress, leaveOpen: true);
        return Read(unzipped, name, dimensions, checked(compressed.Length * LargestDeflateRatio), exact: false);
    }

    private static IdxArray Read(Stream stream, string path, int dimensions, long available, bool exact)
    {
        int headerLength = 4 + (4 * dimensions);
        Span<byte> header = stackalloc byte[headerLength];
        int headerRead = stream.ReadAtLeast(header, headerLength, throwOnEndOfStream: false);
        if (headerRead >= 4)
        {
            int magic = BinaryPrimitives.ReadInt32BigEndian(header);
            int expected = (UnsignedByte << 8) | dimensions;
            if (magic != expected)
            {
                bool zipped = (magic >>> 16) == 0x1F8B;
                string kind = zipped ? " (it is compressed: give it a name that ends in .gz)" : string.Empty;
                throw new DatasetException(
                    path,
                    $"starts with 0x{magic:x8}, an idx file of {dimensions} dimension(s) starts with "
                        + $"0x{expected:x8}{kind}",
                    "give the original MNIST file"
                );
            }
        }

        if (headerRead < headerLength)
        {
            throw new DatasetException(
                path,
                $"is truncated: {headerRead} bytes where the header alone has {headerLength}",
                "fetch it again"
            );
        }

        var shape = new int[dimensions];
        long size = 1;
        for (int i = 0; i < dimensions; i++)
        {
            shape[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + (4 * i))..]);
            if (shape[i] <= 0)
            {
                throw new DatasetException(
                    path,
                    $"has the impossible extent {shape[i]} in dimension {i}",
                    "fetch it again"
                );
            }

            // Three 31-bit factors can exceed 64 bits; no file holds more than available bytes.
            size = Math.BigMul(shape[i], size, out long low) == 0 && low >= 0 ? low : long.MaxValue;
            if (size > available || size > Array.MaxLength)
            {
                throw new DatasetException(
                    path,
                    $"is truncated: its header promises more elements ({string.Join(" × ", shape[..(i + 1)])}) than "
                        + $"the file can hold",
                    "fetch it again"
                );
            }
        }

        if (exact && available - headerLength != size)
        {
            throw new DatasetException(
                path,
                $"has {available - headerLength} bytes of data where its header promises {size} "
                    + $"({string.Join(" × ", shape)})",
                "fetch it again"
            );
        }

        var data = new byte[size];
        int read = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        if (read < data.Length)
        {
            throw new DatasetException(
                path,
                $"is truncated: {read} bytes of data where its header promises {size}",
                "fetch it again"
            );
        }

        if (stream.ReadByte() >= 0)
        {
            throw new DatasetException(
                path,
                $"goes on after the {size} bytes of data that its header promises",
                "fetch it again"
            );
        }

        return new IdxArray(path, shape, data);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
