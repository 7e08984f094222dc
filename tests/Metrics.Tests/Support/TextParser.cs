using System.Text;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>
/// Reads Prometheus text 0.0.4 as the product writes it: HELP and TYPE head every family, and samples belong to the
/// family above them.
/// </summary>
internal static class TextParser
{
    public static List<ParsedFamily> Parse(ReadOnlySpan<byte> utf8)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
        var families = new List<ParsedFamily>();
        foreach (var line in text.Split('\n')[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var words = line.Split(' ', 4);
                if (families.Any(f => f.Name == words[2]))
                {
                    throw new FormatException($"family twice: {line}");
                }
                families.Add(new ParsedFamily(words[2]) { Help = SampleLine.Unescape(words[3], quotes: false) });
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ', 4);
                var family = families[^1];
                family.Type =
                    family.Name == words[2]
                    && family.Type is null
                    && words[3] is "gauge" or "counter" or "histogram" or "untyped"
                        ? words[3]
                        : throw new FormatException($"type out of place: {line}");
            }
            else
            {
                var sample = SampleLine.Parse(line);
                var family = families[^1];
                string[] suffixes = family.Type == "histogram" ? ["_bucket", "_sum", "_count"] : [""];
                if (!suffixes.Any(s => sample.Name == family.Name + s))
                {
                    throw new FormatException($"sample under a foreign header: {line}");
                }
                family.Samples.Add(sample);
            }
        }
        return families;
    }
}
