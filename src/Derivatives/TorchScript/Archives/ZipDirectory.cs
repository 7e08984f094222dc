using System.Buffers.Binary;
using System.Text;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Reads the directory of a zip file and checks it before anything of an entry is read: names, sizes against the file,
/// and that no two entries share bytes (the way of a zip bomb).
/// </summary>
internal sealed class ZipDirectory
{
    private const int MaxEntries = 100_000;
    private const int RecordCost = 256;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly Stream _stream;
    private readonly ArchiveFile _file;
    private readonly Dictionary<string, ZipRecord> _records = new(StringComparer.Ordinal);
    private readonly List<(long Start, long End)> _extents = [];
    private string? _folder;

    private ZipDirectory(Stream stream, ArchiveFile file) => (_stream, _file) = (stream, file);

    /// <summary>The entries by their name below the one top folder.</summary>
    /// <exception cref="DerivativeException">The directory is none that PyTorch wrote.</exception>
    internal static IReadOnlyDictionary<string, ZipRecord> Read(Stream stream, ArchiveFile file)
    {
        Span<byte> magic = stackalloc byte[4];
        if (stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !IsZip(magic))
        {
            throw file.Refusal("", "is no TorchScript file: save the model by torch.jit.script(model).save(path)");
        }

        var end = ZipEnd.Read(stream, file);
        if (end.Count > MaxEntries)
        {
            throw file.Refusal("", $"has {end.Count} entries; at most {MaxEntries} are read");
        }

        var directory = new ZipDirectory(stream, file);
        directory.ReadEntries(end);
        directory.CheckExtents(end.Start);
        return directory._records;
    }

    private static bool IsZip(ReadOnlySpan<byte> magic) =>
        BinaryPrimitives.ReadUInt32LittleEndian(magic) == ZipFormat.LocalSignature;

    private void ReadEntries(ZipEnd end)
    {
        _file.Charge("zip directory", end.Length + (end.Count * RecordCost));
        var bytes = new byte[end.Length];
        _stream.Position = end.Start;
        _stream.ReadExactly(bytes);
        int at = 0;
        for (long i = 0; i < end.Count; i++)
        {
            at += ReadEntry(bytes.AsSpan(at));
        }
    }

    private int ReadEntry(ReadOnlySpan<byte> entry)
    {
        if (
            entry.Length < ZipFormat.CentralSize
            || BinaryPrimitives.ReadUInt32LittleEndian(entry) != ZipFormat.CentralSignature
        )
        {
            throw _file.Damage("zip directory", $"has no entry {_extents.Count}");
        }

        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(entry[28..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(entry[30..]);
        int length =
            ZipFormat.CentralSize + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(entry[32..]);
        if (length > entry.Length)
        {
            throw _file.Damage("zip directory", $"ends inside its entry {_extents.Count}");
        }

        var nameBytes = entry.Slice(ZipFormat.CentralSize, nameLength);
        _file.Charge("zip directory", nameLength * 6L);
        string path = Decode(nameBytes);
        var (stored, size, offset) = Sizes(
            path,
            entry,
            entry.Slice(ZipFormat.CentralSize + nameLength, extraLength)
        );
        int method = BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]);
        CheckContent(path, BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]), method, stored, size);
        long start = ReadLocal(path, nameBytes, offset);
        if (stored > _file.Size - start)
        {
            throw _file.Damage(ArchiveFile.Quote(path), $"{stored} bytes do not fit into the file");
        }

        _extents.Add((offset, start + stored));
        if (!path.EndsWith('/'))
        {
            Add(path, start, stored, size, method, BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]));
        }

        return length;
    }

    private void Add(string path, long start, long stored, long size, int method, uint checksum)
    {
        string name = EntryName.BelowTopFolder(path, ref _folder, _file);
        if (!_records.TryAdd(name, new(name, start, stored, size, method == ZipFormat.Deflated, checksum)))
        {
            throw _file.Damage(ArchiveFile.Quote(path), "stands in the file twice");
        }
    }

    private string Decode(ReadOnlySpan<byte> name)
    {
        try
        {
            return Utf8.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw _file.Damage("zip directory", $"the name of entry {_extents.Count} is not UTF-8");
        }
    }

    // A size of 32 ones stands in the zip64 field instead, in this order, if it does.
    private (long Stored, long Size, long Offset) Sizes(string path, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra)
    {
        var wide = Zip64Field(extra);
        long size = Take(BinaryPrimitives.ReadUInt32LittleEndian(entry[24..]), ref wide);
        long stored = Take(BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]), ref wide);
        long offset = Take(BinaryPrimitives.ReadUInt32LittleEndian(entry[42..]), ref wide);
        return size >= 0 && stored >= 0 && offset >= 0 && offset <= _file.Size - ZipFormat.LocalSize
            ? (stored, size, offset)
            : throw _file.Damage(ArchiveFile.Quote(path), "has a size or a place outside the file");
    }

    private static long Take(uint narrow, ref ReadOnlySpan<byte> wide)
    {
        if (narrow != uint.MaxValue)
        {
            return narrow;
        }

        if (wide.Length < sizeof(long))
        {
            return -1;
        }

        long value = BinaryPrimitives.ReadInt64LittleEndian(wide);
        wide = wide[sizeof(long)..];
        return value;
    }

    private static ReadOnlySpan<byte> Zip64Field(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == ZipFormat.Zip64Extra)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return [];
    }

    private void CheckContent(string path, int flags, int method, long stored, long size)
    {
        if ((flags & ZipFormat.RefusedFlags) != 0)
        {
            throw _file.Refusal(ArchiveFile.Quote(path), "is encrypted: save the module without a password");
        }

        if (method is not (ZipFormat.Stored or ZipFormat.Deflated))
        {
            throw _file.Refusal(
                ArchiveFile.Quote(path),
                $"is compressed by method {method}; PyTorch stores (0) or deflates (8)"
            );
        }

        if (method == ZipFormat.Stored && stored != size)
        {
            throw _file.Damage(ArchiveFile.Quote(path), $"holds {size} bytes but stores {stored}");
        }
    }

    private long ReadLocal(string path, ReadOnlySpan<byte> name, long offset)
    {
        Span<byte> local = stackalloc byte[ZipFormat.LocalSize];
        _stream.Position = offset;
        _stream.ReadExactly(local);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
        long start =
            offset + ZipFormat.LocalSize + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        bool agrees =
            BinaryPrimitives.ReadUInt32LittleEndian(local) == ZipFormat.LocalSignature
            && nameLength == name.Length
            && start <= _file.Size;
        if (agrees && nameLength <= EntryName.MaxLength)
        {
            Span<byte> again = stackalloc byte[nameLength];
            _stream.ReadExactly(again);
            agrees = again.SequenceEqual(name);
        }

        return agrees
            ? start
            : throw _file.Damage(ArchiveFile.Quote(path), "does not stand where the zip directory says");
    }

    private void CheckExtents(long limit)
    {
        _extents.Sort();
        long free = 0;
        foreach (var (start, end) in _extents)
        {
            if (start < free || end > limit)
            {
                throw _file.Damage("zip directory", "two of its entries share bytes");
            }

            free = end;
        }
    }
}
