using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Writes a zip file in PyTorch's form: entries are stored as they are, and the bytes of each begin at a multiple of
/// <see cref="ZipFormat.Alignment"/>.
/// </summary>
/// <param name="stream">Takes the file; it need not seek and stays open.</param>
/// <param name="folder">The one top folder.</param>
internal sealed class ZipWriter(Stream stream, string folder)
{
    private const ushort VersionNeeded = 20;

    // 1 January 1980: the same module gives the same file.
    private const ushort FirstDay = (1 << 5) | 1;
    private readonly ArrayBufferWriter<byte> _directory = new();
    private long _position;
    private int _count;

    /// <summary>Writes an entry of bytes at hand.</summary>
    internal void Write(string name, byte[] content) =>
        Write(name, content.Length, Crc32.Append(0, content), target => target.Write(content));

    /// <summary>Writes an entry.</summary>
    /// <param name="name">Its name below the top folder.</param>
    /// <param name="size">How many bytes it holds.</param>
    /// <param name="checksum">Their CRC-32.</param>
    /// <param name="content">Writes the bytes.</param>
    /// <exception cref="DerivativeException">The file would pass 4 GiB, or 65,534 entries.</exception>
    internal void Write(string name, long size, uint checksum, Action<Stream> content)
    {
        byte[] path = Encoding.UTF8.GetBytes($"{folder}/{name}");
        long header = ZipFormat.LocalSize + path.Length + ZipFormat.Alignment;
        if (_position + header + size > uint.MaxValue - _directory.WrittenCount)
        {
            throw Limit("is larger than 4 GiB");
        }

        if (++_count >= ushort.MaxValue)
        {
            throw Limit($"has more than {ushort.MaxValue - 1} tensors and texts");
        }

        long offset = _position;
        Send(Local(path, size, checksum));
        content(stream);
        _position += size;
        AddToDirectory(path, size, checksum, offset);
    }

    /// <summary>Writes the directory behind the entries.</summary>
    internal void Finish()
    {
        Span<byte> end = stackalloc byte[ZipFormat.EndSize];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, ZipFormat.EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)_count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)_count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)_directory.WrittenCount);
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)_position);
        Send(_directory.WrittenSpan);
        Send(end);
    }

    private static DerivativeException Limit(string problem) =>
        new(DerivativeErrorKind.InvalidArgument, $"the module {problem}, which a TorchScript file here may not be");

    private byte[] Local(byte[] path, long size, uint checksum)
    {
        const int fieldSize = 4;
        long unpadded = _position + ZipFormat.LocalSize + path.Length + fieldSize;
        int padding = (int)(-unpadded & (ZipFormat.Alignment - 1));
        var local = new byte[ZipFormat.LocalSize + path.Length + fieldSize + padding];
        BinaryPrimitives.WriteUInt32LittleEndian(local, ZipFormat.LocalSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(26), (ushort)path.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(local.AsSpan(28), (ushort)(fieldSize + padding));
        WriteCommon(local.AsSpan(4), size, checksum);
        path.CopyTo(local, ZipFormat.LocalSize);
        var field = local.AsSpan(ZipFormat.LocalSize + path.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(field, ZipFormat.PaddingExtra);
        BinaryPrimitives.WriteUInt16LittleEndian(field[2..], (ushort)padding);
        field[fieldSize..].Fill((byte)'Z');
        return local;
    }

    private void AddToDirectory(byte[] path, long size, uint checksum, long offset)
    {
        Span<byte> central = stackalloc byte[ZipFormat.CentralSize];
        central.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(central, ZipFormat.CentralSignature);
        WriteCommon(central[6..], size, checksum);
        BinaryPrimitives.WriteUInt16LittleEndian(central[28..], (ushort)path.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(central[42..], (uint)offset);
        _directory.Write(central);
        _directory.Write(path);
    }

    // The fields that both headers have, from "version needed" on.
    private static void WriteCommon(Span<byte> header, long size, uint checksum)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(header, VersionNeeded);
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], ZipFormat.Utf8Flag);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(header[10..], checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(header[14..], (uint)size);
        BinaryPrimitives.WriteUInt32LittleEndian(header[18..], (uint)size);
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }
}
