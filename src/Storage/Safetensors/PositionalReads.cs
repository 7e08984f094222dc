using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>Reads of a safetensors file by position: exact ones, and that of the length of its header.</summary>
internal static class PositionalReads
{
    /// <summary>The bytes that hold the length of the header.</summary>
    public const int LengthBytes = sizeof(long);

    private const string WriteAgain = "write the file again";

    /// <summary>Reads the length of the header and holds it against the length of the file.</summary>
    public static long ReadHeaderLength(string path, SafeFileHandle handle, long length)
    {
        if (length < LengthBytes)
        {
            throw new BundleException(
                path,
                null,
                $"has {length} bytes, too few for a safetensors file: it is truncated",
                WriteAgain
            );
        }

        Span<byte> bytes = stackalloc byte[LengthBytes];
        ReadExactly(path, handle, bytes, 0);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (headerLength > SafetensorsFile.LongestHeader)
        {
            throw new BundleException(
                path,
                null,
                $"claims a header of {headerLength} bytes, more than the {SafetensorsFile.LongestHeader} allowed: "
                    + "it is no safetensors file",
                WriteAgain
            );
        }

        if (headerLength > (ulong)(length - LengthBytes))
        {
            throw new BundleException(
                path,
                null,
                $"claims a header of {headerLength} bytes but has {length - LengthBytes} after the length: it is "
                    + $"truncated",
                WriteAgain
            );
        }

        return (long)headerLength;
    }

    /// <summary>Fills a span from a place in the file, or throws.</summary>
    public static void ReadExactly(string path, SafeFileHandle handle, Span<byte> destination, long offset)
    {
        while (!destination.IsEmpty)
        {
            int read = RandomAccess.Read(handle, destination, offset);
            if (read == 0)
            {
                throw new BundleException(
                    path,
                    null,
                    "was truncated while it was read",
                    "write checkpoints under another name and rename them when they are complete"
                );
            }

            destination = destination[read..];
            offset += read;
        }
    }
}
