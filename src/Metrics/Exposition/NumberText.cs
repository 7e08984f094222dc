using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace CurvatureMonitor.Metrics.Exposition;

/// <summary>
/// Numbers as the formats write them: the shortest digits that read back as the same double, laid out as Go's <c>%g</c>
/// lays them out.
/// </summary>
internal static class NumberText
{
    /// <summary>Enough for every number: sign, 17 digits, leading zeros, point, exponent.</summary>
    public const int MaxLength = 32;

    private const int SmallestPlainExponent = -4;

    // Below 2^53, beyond which not every whole number is a double.
    private const double MostWhole = 1e15;

    /// <summary>
    /// A bucket bound in OpenMetrics' canonical form (section "Numbers"; Go's <c>%g</c>, with <c>.0</c> where neither
    /// point nor exponent would show that it is a float): 0.0, 1.0, 0.0001, 1e-05, 100000.0, 1e+06. The same text in
    /// both formats, because another text is another series.
    /// </summary>
    public static int FormatBound(double value, Span<byte> destination) =>
        Format(value == 0 ? 0 : value, destination, firstExponent: 6, pointZero: true); // -0.0 is the same bound as 0.0

    /// <summary>
    /// A sample value. Whole numbers stay readable up to 16 digits (431080, 1767225600) instead of turning to exponents
    /// at 1e+06.
    /// </summary>
    public static int FormatValue(double value, Span<byte> destination)
    {
        // Most values are whole and small, and the digits of a whole number are its shortest; -0 is not one of them.
        if (
            value is > -MostWhole and < MostWhole
            && (long)value is var whole
            && whole == value
            && (whole != 0 || !double.IsNegative(value))
        )
        {
            Utf8Formatter.TryFormat(whole, destination, out var written);
            return written;
        }
        return Format(value, destination, firstExponent: 16, pointZero: false);
    }

    private static int Format(double value, Span<byte> destination, int firstExponent, bool pointZero)
    {
        if (!double.IsFinite(value))
        {
            var name =
                double.IsNaN(value) ? "NaN"u8
                : value > 0 ? "+Inf"u8
                : "-Inf"u8;
            name.CopyTo(destination);
            return name.Length;
        }
        Span<byte> buffer = stackalloc byte[MaxLength];
        var digits = buffer[..Decompose(value, buffer, out var exponent)];
        var at = 0;
        if (double.IsNegative(value))
        {
            destination[at++] = (byte)'-';
        }
        return exponent < SmallestPlainExponent || exponent >= firstExponent
            ? WriteScientific(digits, exponent, destination, at)
            : WritePlain(digits, exponent, destination, at, pointZero);
    }

    /// <summary>
    /// |value| = d.ddd × 10^exponent with the shortest digits and no zero at either end; a lone 0 for zero.
    /// </summary>
    private static int Decompose(double value, Span<byte> digits, out int exponent)
    {
        // "R" gives the shortest digits as 123.45, 0.00012 or 1.2E-05.
        Span<byte> raw = stackalloc byte[MaxLength];
        var formatted = Math.Abs(value).TryFormat(raw, out var length, "R", CultureInfo.InvariantCulture);
        Debug.Assert(formatted, "the shortest form of a double has at most 24 characters");
        raw = raw[..length];

        exponent = 0;
        var mantissa = raw;
        var e = raw.IndexOf((byte)'E');
        if (e >= 0)
        {
            mantissa = raw[..e];
            var read = Utf8Parser.TryParse(raw[(e + 1)..], out exponent, out _);
            Debug.Assert(read, "an exponent is a signed integer");
        }

        var point = mantissa.IndexOf((byte)'.');
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        var count = 0;
        foreach (var c in mantissa)
        {
            if (c == '.' || (c == '0' && count == 0))
            {
                exponent -= c == '.' ? 0 : 1; // a leading zero holds a place and is no digit
                continue;
            }
            digits[count++] = c;
        }
        while (count > 0 && digits[count - 1] == '0')
        {
            count--;
        }
        if (count == 0)
        {
            exponent = 0;
            digits[count++] = (byte)'0';
        }
        return count;
    }

    private static int WriteScientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination, int at)
    {
        destination[at++] = digits[0];
        if (digits.Length > 1)
        {
            destination[at++] = (byte)'.';
            digits[1..].CopyTo(destination[at..]);
            at += digits.Length - 1;
        }
        destination[at++] = (byte)'e';
        destination[at++] = (byte)(exponent < 0 ? '-' : '+');
        Utf8Formatter.TryFormat(
            Math.Abs(exponent),
            destination[at..],
            out var written,
            new System.Buffers.StandardFormat('D', 2)
        );
        return at + written;
    }

    private static int WritePlain(
        ReadOnlySpan<byte> digits,
        int exponent,
        Span<byte> destination,
        int at,
        bool pointZero
    )
    {
        var whole = exponent + 1;
        if (whole <= 0)
        {
            "0."u8.CopyTo(destination[at..]);
            at += 2;
            destination.Slice(at, -whole).Fill((byte)'0');
            at -= whole;
            digits.CopyTo(destination[at..]);
            return at + digits.Length;
        }
        for (var i = 0; i < Math.Max(whole, digits.Length); i++)
        {
            if (i == whole)
            {
                destination[at++] = (byte)'.';
            }
            destination[at++] = i < digits.Length ? digits[i] : (byte)'0';
        }
        if (pointZero && digits.Length <= whole)
        {
            ".0"u8.CopyTo(destination[at..]);
            at += 2;
        }
        return at;
    }
}
