using System.Text;

namespace CurvatureMonitor.Metrics.Registry;

/// <summary>Label values as exposition text; the rules are the same in text 0.0.4 and in OpenMetrics 1.0.</summary>
internal static class LabelText
{
    /// <summary>Writes <c>name="value",…</c> with backslash, quote and line feed escaped.</summary>
    /// <remarks>
    /// A NUL and half a surrogate pair become U+FFFD: the formats are UTF-8, and Prometheus' lexer takes a NUL for the
    /// end of its input, so that one odd name would cost the whole scrape.
    /// </remarks>
    public static string Build(IReadOnlyList<string> names, ReadOnlySpan<string> values)
    {
        if (names.Count != values.Length)
        {
            throw new ArgumentException(
                $"{names.Count} label values are needed ({string.Join(", ", names)}), {values.Length} were given.",
                nameof(values)
            );
        }
        var text = new StringBuilder();
        for (var i = 0; i < names.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(values[i], names[i]);
            text.Append(i > 0 ? "," : "").Append(names[i]).Append("=\"");
            foreach (var rune in values[i].EnumerateRunes())
            {
                _ = rune.Value switch
                {
                    '\\' => text.Append(@"\\"),
                    '"' => text.Append("\\\""),
                    '\n' => text.Append("\\n"),
                    0 => text.Append('\uFFFD'),
                    _ => text.Append(rune.ToString()),
                };
            }
            text.Append('"');
        }
        return text.ToString();
    }

    /// <summary>The values in a text of <see cref="Build"/>, in the order of the names.</summary>
    public static string[] Values(ReadOnlySpan<byte> utf8)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        var (inside, escaped) = (false, false);
        foreach (var c in Encoding.UTF8.GetString(utf8))
        {
            if (escaped)
            {
                value.Append(c == 'n' ? '\n' : c);
                escaped = false;
            }
            else if (inside && c == '\\')
            {
                escaped = true;
            }
            else if (c == '"')
            {
                if (inside)
                {
                    values.Add(value.ToString());
                    value.Clear();
                }
                inside = !inside;
            }
            else if (inside)
            {
                value.Append(c);
            }
        }
        return [.. values];
    }
}
