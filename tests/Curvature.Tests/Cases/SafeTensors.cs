using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CurvatureMonitor.Curvature.Tests.Cases;

/// <summary>
/// The least that reads the cases: eight bytes of header length, a JSON header, then the numbers. Kept apart from the
/// product's reader on purpose, so that the two check each other.
/// </summary>
internal sealed class SafeTensors
{
    private readonly byte[] _data;
    private readonly int _origin;
    private readonly JsonElement _header;

    internal SafeTensors(string path)
    {
        _data = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(_data);
        _origin = 8 + length;
        _header = JsonDocument.Parse(_data.AsMemory(8, length)).RootElement;
    }

    internal long[] Shape(string name) =>
        [.. _header.GetProperty(name).GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];

    internal double[] Doubles(string name) => Bytes<double>(name, "F64");

    internal long[] Longs(string name) => Bytes<long>(name, "I64");

    private T[] Bytes<T>(string name, string expected)
        where T : unmanaged
    {
        var entry = _header.GetProperty(name);
        Assert.Equal(expected, entry.GetProperty("dtype").GetString());
        var offsets = entry.GetProperty("data_offsets");
        var (start, end) = (offsets[0].GetInt32(), offsets[1].GetInt32());
        return MemoryMarshal.Cast<byte, T>(_data.AsSpan(_origin + start, end - start)).ToArray();
    }
}
