using System.Buffers.Binary;
using System.Text;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The bytes of a pickle, read from front to back; no read passes the end.</summary>
/// <param name="bytes">The pickle.</param>
/// <param name="entry">Its entry's name, for messages.</param>
/// <param name="file">The file that it is from.</param>
internal sealed class PickleInput(byte[] bytes, string entry, ArchiveFile file)
{
    private const int LongestLine = 1024;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
    private int _at;

    /// <summary>The entry and the place in it, for messages.</summary>
    internal string Place => $"{entry} at byte {_at}";

    /// <summary>Counts bytes that are about to be allocated; the place is put into words only where they are too many.
    /// </summary>
    /// <exception cref="DerivativeException">The file has used up its share.</exception>
    internal void Charge(long bytes)
    {
        if (!file.TryCharge(bytes))
        {
            throw file.TooMuch(Place);
        }
    }

    internal byte Byte() => Bytes(1)[0];

    internal ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    internal int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    internal uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    internal long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    internal double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    /// <summary>A whole number in two's complement, of as many bytes as the pickle says.</summary>
    internal long Integer(long length)
    {
        if (length > sizeof(long))
        {
            throw file.Refusal(Place, "a whole number has more than 64 bits");
        }

        var digits = Bytes(length);
        long value = digits.Length > 0 && (digits[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | digits[i];
        }

        return value;
    }

    /// <summary>A text of as many UTF-8 bytes as the pickle says.</summary>
    internal string Text(long length)
    {
        var text = Bytes(length);
        Charge(32 + (2L * text.Length));
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Damage("a text is not UTF-8");
        }
    }

    /// <summary>A line of a global's name.</summary>
    internal string Line()
    {
        var rest = bytes.AsSpan(_at);
        int length = rest[..Math.Min(rest.Length, LongestLine)].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Damage("the name of a class has no end");
        }

        string line = Text(length);
        _at++;
        return line;
    }

    internal DerivativeException Damage(string problem) => file.Damage(Place, problem);

    private ReadOnlySpan<byte> Bytes(long length)
    {
        if (length < 0 || length > bytes.Length - _at)
        {
            throw Damage("the pickle ends too early");
        }

        var found = bytes.AsSpan(_at, (int)length);
        _at += (int)length;
        return found;
    }
}
