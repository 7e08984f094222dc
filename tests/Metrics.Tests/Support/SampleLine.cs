using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>
/// Reads one sample line character by character, as both formats define it, without timestamp and exemplar (the product
/// writes neither).
/// </summary>
internal static partial class SampleLine
{
    public static Sample Parse(string line)
    {
        var at = 0;
        var name = ReadName(line, ref at);
        var labels = new List<KeyValuePair<string, string>>();
        if (at < line.Length && line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                if (labels.Count > 0)
                {
                    Expect(line, ref at, ',');
                }
                var label = ReadName(line, ref at);
                Expect(line, ref at, '=');
                labels.Add(new(label, ReadQuoted(line, ref at)));
            }
            at++;
        }
        Expect(line, ref at, ' ');
        var text = line[at..];
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            throw new FormatException($"timestamp or exemplar on: {line}");
        }
        if (labels.Select(l => l.Key).Distinct(StringComparer.Ordinal).Count() != labels.Count)
        {
            throw new FormatException($"label given twice: {line}");
        }
        return new Sample(name, labels, ParseNumber(text), text);
    }

    public static double ParseNumber(string text) =>
        text switch
        {
            "NaN" => double.NaN,
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ when Number().IsMatch(text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
            _ => throw new FormatException($"not a number: '{text}'"),
        };

    public static string Unescape(string text, bool quotes)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                result.Append(text[i] == '"' && quotes ? throw new FormatException("bare quote") : text[i]);
                continue;
            }
            result.Append(
                text[++i] switch
                {
                    '\\' => '\\',
                    'n' => '\n',
                    '"' when quotes => '"',
                    var other => throw new FormatException($"unknown escape \\{other}"),
                }
            );
        }
        return result.ToString();
    }

    private static string ReadName(string line, ref int at)
    {
        var match = Name().Match(line, at);
        if (!match.Success || match.Index != at)
        {
            throw new FormatException($"name expected at {at}: {line}");
        }
        at += match.Length;
        return match.Value;
    }

    private static string ReadQuoted(string line, ref int at)
    {
        Expect(line, ref at, '"');
        var start = at;
        while (line[at] != '"')
        {
            at += line[at] == '\\' ? 2 : 1;
        }
        return Unescape(line[start..at++], quotes: true);
    }

    private static void Expect(string line, ref int at, char c)
    {
        if (at >= line.Length || line[at] != c)
        {
            throw new FormatException($"'{c}' expected at {at}: {line}");
        }
        at++;
    }

    [GeneratedRegex("[a-zA-Z_][a-zA-Z0-9_]*")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$")]
    private static partial Regex Number();
}
