using System.Buffers.Binary;
using System.Text;

namespace CurvatureMonitor.Host.Tests.Monitoring.Otlp;

/// <summary>
/// Reads one message of protocol buffers, field by field, as the encoding is specified: no generated code, and none of
/// the exporter's.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field that is being read.</summary>
    public int Field { get; private set; }

    /// <summary>The content of a field of variable length: text, a message inside, packed numbers.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The bits of a field of fixed length, or the number of a varint.</summary>
    public ulong Bits { get; private set; }

    public readonly double Double => BitConverter.UInt64BitsToDouble(Bits);

    public readonly string Text => Encoding.UTF8.GetString(Content);

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = Varint();
        Field = (int)(key >> 3);
        Content = default;
        switch (key & 7)
        {
            case 0:
                Bits = Varint();
                break;
            case 1:
                Bits = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case 2:
                Content = Take((int)Varint());
                break;
            case 5:
                Bits = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
                break;
            default:
                throw new InvalidDataException($"field {Field} has a wire type that there is not: {key & 7}");
        }

        return true;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
