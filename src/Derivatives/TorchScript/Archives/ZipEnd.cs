using System.Buffers.Binary;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The end record of a zip file: how many entries there are, and where their directory is.</summary>
/// <param name="Count">Number of entries.</param>
/// <param name="Start">Where the central directory begins.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct ZipEnd(long Count, long Start, long Length)
{
    private const int MaxComment = 0xFFFF;

    /// <summary>Finds and checks the end record.</summary>
    /// <exception cref="DerivativeException">There is none, or it contradicts the file's size.</exception>
    internal static ZipEnd Read(Stream stream, ArchiveFile file)
    {
        var tail = new byte[Math.Min(file.Size, ZipFormat.EndSize + MaxComment)];
        stream.Position = file.Size - tail.Length;
        stream.ReadExactly(tail);
        int at = Find(tail);
        if (at < 0)
        {
            throw file.Damage("", "has no end of a zip file, as if it had been cut off");
        }

        long position = file.Size - tail.Length + at;
        ReadOnlySpan<byte> end = tail.AsSpan(at);
        long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        bool isLarge = count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue;
        var found = isLarge ? ReadZip64(stream, file, position) : new ZipEnd(count, start, length);
        return found.Start >= 0
            && found.Length >= 0
            && found.Start <= position - found.Length
            && found.Count >= 0
            && found.Count <= found.Length / ZipFormat.CentralSize
            ? found
            : throw file.Damage("", "has a zip directory that does not lie in the file");
    }

    // From the end: a comment may follow, whose length the record tells.
    private static int Find(ReadOnlySpan<byte> tail)
    {
        for (int at = tail.Length - ZipFormat.EndSize; at >= 0; at--)
        {
            if (
                BinaryPrimitives.ReadUInt32LittleEndian(tail[at..]) == ZipFormat.EndSignature
                && at + ZipFormat.EndSize + BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 20)..]) == tail.Length
            )
            {
                return at;
            }
        }

        return -1;
    }

    private static ZipEnd ReadZip64(Stream stream, ArchiveFile file, long endPosition)
    {
        Span<byte> locator = stackalloc byte[ZipFormat.Zip64LocatorSize];
        Span<byte> end = stackalloc byte[ZipFormat.Zip64EndSize];
        long locatorPosition = endPosition - locator.Length;
        if (locatorPosition >= end.Length)
        {
            stream.Position = locatorPosition;
            stream.ReadExactly(locator);
            long position = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
            if (
                BinaryPrimitives.ReadUInt32LittleEndian(locator) == ZipFormat.Zip64LocatorSignature
                && position >= 0
                && position <= locatorPosition - end.Length
            )
            {
                stream.Position = position;
                stream.ReadExactly(end);
                if (BinaryPrimitives.ReadUInt32LittleEndian(end) == ZipFormat.Zip64EndSignature)
                {
                    return new ZipEnd(
                        BinaryPrimitives.ReadInt64LittleEndian(end[32..]),
                        BinaryPrimitives.ReadInt64LittleEndian(end[48..]),
                        BinaryPrimitives.ReadInt64LittleEndian(end[40..])
                    );
                }
            }
        }

        throw file.Damage("", "has no zip64 end record where its end record asks for one");
    }
}
