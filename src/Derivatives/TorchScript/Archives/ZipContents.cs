using System.IO.Compression;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The entries of a checked zip file, whose bytes are read where they are asked for.</summary>
internal sealed class ZipContents
{
    // 256 MiB, so that a span can name each piece.
    private const long PieceBytes = 1 << 28;

    private readonly Stream _stream;
    private readonly ArchiveFile _file;
    private readonly IReadOnlyDictionary<string, ZipRecord> _records;

    /// <summary>Reads the directory.</summary>
    /// <exception cref="DerivativeException">It is none that PyTorch wrote.</exception>
    internal ZipContents(Stream stream, ArchiveFile file)
    {
        _stream = stream;
        _file = file;
        stream.Position = 0;
        _records = ZipDirectory.Read(stream, file);
    }

    /// <summary>The names below the top folder.</summary>
    internal IEnumerable<string> Names => _records.Keys;

    /// <summary>The entry of this name, or null.</summary>
    internal ZipRecord? Find(string name) => _records.TryGetValue(name, out var record) ? record : null;

    /// <summary>An entry's bytes, inflated where it is compressed.</summary>
    /// <exception cref="DerivativeException">It is not there, too large, or damaged.</exception>
    internal byte[] ReadBytes(string name)
    {
        var record = Find(name) ?? throw _file.Refusal("", $"has no entry '{ArchiveFile.Quote(name)}'");
        string place = ArchiveFile.Quote(name);
        if (record.Size > Array.MaxLength)
        {
            throw _file.Damage(place, $"claims {record.Size} bytes");
        }

        _file.Charge(place, record.Size);
        var bytes = new byte[record.Size];
        _stream.Position = record.Start;
        if (record.IsDeflated)
        {
            Inflate(record, bytes);
        }
        else
        {
            _stream.ReadExactly(bytes);
        }

        Check(record, Crc32.Append(0, bytes));
        return bytes;
    }

    /// <summary>Fills a contiguous tensor on the CPU with an entry's bytes.</summary>
    /// <exception cref="DerivativeException">The entry is damaged.</exception>
    internal void ReadInto(ZipRecord record, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _stream.Position = record.Start;
        uint checksum = 0;
        long piece = PieceBytes / tensor.ElementSize,
            count = tensor.NumberOfElements;
        var flat = count <= piece ? tensor : tensor.view(-1);
        for (long at = 0; at < count; at += piece)
        {
            var bytes = (count <= piece ? flat : flat.narrow(0, at, Math.Min(piece, count - at))).bytes;
            _stream.ReadExactly(bytes);
            checksum = Crc32.Append(checksum, bytes);
        }

        Check(record, checksum);
    }

    private void Inflate(ZipRecord record, byte[] bytes)
    {
        using var part = new PartOfStream(_stream, record.StoredSize);
        using var inflated = new DeflateStream(part, CompressionMode.Decompress);
        if (inflated.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw _file.Damage(ArchiveFile.Quote(record.Name), $"inflates to less than its {record.Size} bytes");
        }

        if (inflated.ReadByte() >= 0)
        {
            throw _file.Damage(ArchiveFile.Quote(record.Name), $"inflates to more than its {record.Size} bytes");
        }
    }

    private void Check(ZipRecord record, uint checksum)
    {
        if (checksum != record.Checksum)
        {
            throw _file.Damage(ArchiveFile.Quote(record.Name), "does not have the checksum that the file gives for it");
        }
    }
}
