using System.Globalization;
using System.Text;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>String literals: reading their escapes, and writing a text as a literal.</summary>
internal static class TextLiteral
{
    /// <summary>The characters between the quotes, escapes resolved.</summary>
    /// <exception cref="DerivativeException">An escape is no escape.</exception>
    internal static string Read(ReadOnlySpan<char> body, SourcePlace place)
    {
        if (!body.Contains('\\'))
        {
            return body.ToString();
        }

        var text = new StringBuilder(body.Length);
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                text.Append(body[i]);
                continue;
            }

            char escape = ++i < body.Length ? body[i] : throw place.Error("a string ends within an escape");
            int digits = escape switch
            {
                'x' => 2,
                'u' => 4,
                _ => 0,
            };
            if (digits > 0)
            {
                text.Append((char)Code(body, i + 1, digits, place));
                i += digits;
            }
            else if (char.IsBetween(escape, '0', '7'))
            {
                int code = 0;
                int end = Math.Min(i + 3, body.Length);
                for (; i < end && char.IsBetween(body[i], '0', '7'); i++)
                {
                    code = (code * 8) + (body[i] - '0');
                }

                i--;
                text.Append((char)code);
            }
            else
            {
                text.Append(Simple(escape));
            }
        }

        return text.ToString();
    }

    /// <summary>A literal that reads as this text, in ASCII and on one line.</summary>
    internal static string Write(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            literal.Append(
                b switch
                {
                    (byte)'"' => "\\\"",
                    (byte)'\\' => "\\\\",
                    (byte)'\n' => "\\n",
                    < 32 or > 126 => "\\" + Convert.ToString(b, 8).PadLeft(3, '0'),
                    _ => ((char)b).ToString(),
                }
            );
        }

        return literal.Append('"').ToString();
    }

    private static int Code(ReadOnlySpan<char> body, int start, int digits, SourcePlace place) =>
        start + digits <= body.Length
        && int.TryParse(
            body.Slice(start, digits),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out int code
        )
            ? code
            : throw place.Error($"an escape needs {digits} hexadecimal digits");

    private static string Simple(char escape) =>
        escape switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            '\\' or '\'' or '"' => escape.ToString(),
            '\n' => string.Empty,
            _ => "\\" + escape,
        };
}
