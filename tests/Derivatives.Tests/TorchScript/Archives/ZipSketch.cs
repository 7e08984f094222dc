using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using CurvatureMonitor.Derivatives.TorchScript.Archives;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Writes zip files whose every field a test can set wrong, independently of the product's writer.</summary>
internal sealed class ZipSketch
{
    internal sealed record Entry(string Name, byte[] Content)
    {
        internal bool Deflate { get; init; }

        internal uint? Checksum { get; init; }

        internal uint? DeclaredSize { get; init; }

        internal uint? DeclaredStoredSize { get; init; }

        internal uint? Offset { get; init; }

        internal ushort? Method { get; init; }

        internal ushort Flags { get; init; } = 0x0808;

        internal int Padding { get; init; }
    }

    internal List<Entry> Entries { get; init; } = [];

    /// <summary>Whether sizes and places stand in zip64 fields, as PyTorch writes the end record.</summary>
    internal bool UseZip64 { get; init; }

    internal byte[] Comment { get; init; } = [];

    /// <summary>The entries of a good file, below their top folder <c>model</c>.</summary>
    internal static ZipSketch Of(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return new ZipSketch { Entries = [.. zip.Entries.Select(entry => new Entry(entry.FullName, Read(entry)))] };
    }

    /// <summary>A good file in which the entry of this name holds something else, or is new.</summary>
    internal ZipSketch With(string name, byte[] content) => With(new Entry($"model/{name}", content));

    internal ZipSketch With(Entry entry)
    {
        var others = Entries.Where(e => e.Name != entry.Name);
        return new ZipSketch { Entries = [.. others, entry], UseZip64 = UseZip64, Comment = Comment };
    }

    internal ZipSketch Without(string name) =>
        new() { Entries = [.. Entries.Where(entry => entry.Name != $"model/{name}")] };

    internal byte[] Content(string name) => Entries.First(entry => entry.Name == $"model/{name}").Content;

    internal byte[] Bytes()
    {
        var file = new MemoryStream();
        var directory = new MemoryStream();
        foreach (var entry in Entries)
        {
            byte[] name = Encoding.UTF8.GetBytes(entry.Name),
                stored = entry.Deflate ? Deflated(entry.Content) : entry.Content;
            long offset = entry.Offset ?? file.Position;
            Write(file, 0x04034b50u, (ushort)20, entry.Flags, Method(entry), 0u, 0u, 0u, 0u);
            Write(file, (ushort)name.Length, (ushort)entry.Padding, name, new byte[entry.Padding], stored);
            WriteCentral(directory, entry, name, stored, offset);
        }

        WriteEnd(file, directory.ToArray());
        return file.ToArray();
    }

    private static ushort Method(Entry entry) => entry.Method ?? (entry.Deflate ? (ushort)8 : (ushort)0);

    private void WriteCentral(MemoryStream directory, Entry entry, byte[] name, byte[] stored, long offset)
    {
        uint size = entry.DeclaredSize ?? (uint)entry.Content.Length,
            storedSize = entry.DeclaredStoredSize ?? (uint)stored.Length,
            checksum = entry.Checksum ?? Crc32.Append(0, entry.Content);
        Write(directory, 0x02014b50u, (ushort)20, (ushort)20, entry.Flags, Method(entry), 0u, checksum);
        Write(directory, UseZip64 ? uint.MaxValue : storedSize, UseZip64 ? uint.MaxValue : size);
        Write(directory, (ushort)name.Length, (ushort)(UseZip64 ? 28 : 0), (ushort)0, (ushort)0, (ushort)0, 0u);
        Write(directory, UseZip64 ? uint.MaxValue : (uint)offset, name);
        if (UseZip64)
        {
            Write(directory, (ushort)1, (ushort)24, (ulong)size, (ulong)storedSize, (ulong)offset);
        }
    }

    private void WriteEnd(MemoryStream file, byte[] directory)
    {
        long start = file.Position;
        file.Write(directory);
        if (UseZip64)
        {
            long end = file.Position;
            Write(file, 0x06064b50u, 44ul, (ushort)45, (ushort)45, 0u, 0u);
            Write(file, (ulong)Entries.Count, (ulong)Entries.Count, (ulong)directory.Length, (ulong)start);
            Write(file, 0x07064b50u, 0u, (ulong)end, 1u);
        }

        ushort count = UseZip64 ? ushort.MaxValue : (ushort)Entries.Count;
        Write(file, 0x06054b50u, (ushort)0, (ushort)0, count, count, (uint)directory.Length);
        Write(file, UseZip64 ? uint.MaxValue : (uint)start, (ushort)Comment.Length, Comment);
    }

    private static void Write(MemoryStream stream, params object[] fields)
    {
        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        foreach (object field in fields)
        {
            if (field is byte[] bytes)
            {
                stream.Write(bytes);
                continue;
            }

            BinaryPrimitives.WriteUInt64LittleEndian(bits, Convert.ToUInt64(field, null));
            stream.Write(bits[..(field is ushort ? 2 : field is uint ? 4 : 8)]);
        }
    }

    private static byte[] Deflated(byte[] content)
    {
        using var target = new MemoryStream();
        using (var deflate = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(content);
        }

        return target.ToArray();
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
