using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace CurvatureMonitor.Reports.Arrays;

/// <summary>
/// One array of NumPy's <c>.npy</c> format, version 1.0: the magic <c>\x93NUMPY</c>, a Python dictionary with type,
/// order and shape padded so that the data begin at a multiple of 64 bytes, then the numbers in C order, little-endian.
/// Numbers and vectors of float64 or int64, matrices of float64, and single texts, are all that results need.
/// </summary>
internal sealed partial class NpyArray
{
    private const int Alignment = 64;
    private const int PrefixBytes = 10;

    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];

    private NpyArray(string type, int? length, byte[] data, int? columns = null) =>
        (Type, Length, Data, Columns) = (type, length, data, columns);

    /// <summary>NumPy's name of the element type: <c>&lt;f8</c>, <c>&lt;i8</c>, <c>|b1</c> or <c>&lt;U…</c>.</summary>
    internal string Type { get; }

    /// <summary>The number of elements of a vector; null for a single value (shape <c>()</c>).</summary>
    internal int? Length { get; }

    /// <summary>
    /// The number of columns of a matrix, whose rows <see cref="Length"/> counts; null for anything else.
    /// </summary>
    internal int? Columns { get; }

    private byte[] Data { get; }

    internal static NpyArray Of(double value) => new("<f8", null, MemoryMarshal.AsBytes([value]).ToArray());

    internal static NpyArray Of(long value) => new("<i8", null, MemoryMarshal.AsBytes([value]).ToArray());

    internal static NpyArray Of(bool value) => new("|b1", null, [value ? (byte)1 : (byte)0]);

    internal static NpyArray Of(ReadOnlySpan<double> values) =>
        new("<f8", values.Length, MemoryMarshal.AsBytes(values).ToArray());

    internal static NpyArray Of(ReadOnlySpan<long> values) =>
        new("<i8", values.Length, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A matrix, row by row.</summary>
    internal static NpyArray Of(ReadOnlySpan<double> values, int columns) =>
        new("<f8", values.Length / columns, MemoryMarshal.AsBytes(values).ToArray(), columns);

    internal static NpyArray Of(string text)
    {
        // A text is as many UTF-32 characters as its type says; NumPy wants at least one.
        byte[] characters = Encoding.UTF32.GetBytes(text.Length == 0 ? "\0" : text);
        return new NpyArray(
            string.Create(CultureInfo.InvariantCulture, $"<U{characters.Length / 4}"),
            null,
            characters
        );
    }

    /// <summary>The value: a double, long, bool or string, an array of doubles or longs, or an array of rows.</summary>
    internal object Value =>
        (Type, Length) switch
        {
            ("<f8", { } rows) when Columns is { } columns => Enumerable
                .Range(0, rows)
                .Select(row => MemoryMarshal.Cast<byte, double>(Data.AsSpan(8 * row * columns, 8 * columns)).ToArray())
                .ToArray(),
            ("<f8", null) => BinaryPrimitives.ReadDoubleLittleEndian(Data),
            ("<i8", null) => BinaryPrimitives.ReadInt64LittleEndian(Data),
            ("|b1", null) => Data[0] != 0,
            ("<f8", _) => MemoryMarshal.Cast<byte, double>(Data).ToArray(),
            ("<i8", _) => MemoryMarshal.Cast<byte, long>(Data).ToArray(),
            _ => Encoding.UTF32.GetString(Data).TrimEnd('\0'),
        };

    internal void Write(Stream stream)
    {
        string shape =
            Columns is { } columns ? string.Create(CultureInfo.InvariantCulture, $"({Length}, {columns})")
            : Length is { } length ? string.Create(CultureInfo.InvariantCulture, $"({length},)")
            : "()";
        string dictionary = $"{{'descr': '{Type}', 'fortran_order': False, 'shape': {shape}, }}";
        int total = (PrefixBytes + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = Encoding.ASCII.GetBytes(dictionary.PadRight(total - PrefixBytes - 1) + "\n");
        Span<byte> size = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)header.Length);
        stream.Write(Magic);
        stream.Write(size);
        stream.Write(header);
        stream.Write(Data);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static NpyArray Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < PrefixBytes || !bytes[..Magic.Length].SequenceEqual(Magic))
        {
            throw new InvalidDataException("it is not a NumPy array of format 1.0");
        }

        int headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[Magic.Length..]);
        if (bytes.Length < PrefixBytes + headerLength)
        {
            throw new InvalidDataException("it is truncated");
        }

        string header = Encoding.ASCII.GetString(bytes.Slice(PrefixBytes, headerLength));
        var match = Header().Match(header);
        if (!match.Success)
        {
            throw new InvalidDataException("its header is not one of a number, a vector or a text");
        }

        string type = match.Groups["type"].Value;
        int? length = match.Groups["length"] is { Success: true, Value: { Length: > 0 } digits }
            ? int.Parse(digits, CultureInfo.InvariantCulture)
            : null;
        int? columns = match.Groups["columns"] is { Success: true, Value: { Length: > 0 } width }
            ? int.Parse(width, CultureInfo.InvariantCulture)
            : null;
        long size =
            type == "|b1" ? 1
            : type[1] == 'U' ? 4 * long.Parse(type.AsSpan(2), CultureInfo.InvariantCulture)
            : 8;
        byte[] data = bytes[(PrefixBytes + headerLength)..].ToArray();
        return data.Length == size * (length ?? 1) * (columns ?? 1)
            ? new NpyArray(type, length, data, columns)
            : throw new InvalidDataException("it is truncated");
    }

    [GeneratedRegex(
        @"^\{'descr': '(?<type><f8|<i8|\|b1|<U\d{1,6})', 'fortran_order': (True|False), 'shape': "
            + @"\((?:(?<length>\d{1,9}),(?: (?<columns>[1-9]\d{0,8}))?)?\), \}\s*$"
    )]
    private static partial Regex Header();
}
