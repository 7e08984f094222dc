using System.Text;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>
/// A strict reader of OpenMetrics 1.0, written from the specification and independent of the product's writer. It
/// throws on everything that the specification calls a MUST and that the product could get wrong.
/// </summary>
internal static class OpenMetricsParser
{
    private static readonly Dictionary<string, string[]> Suffixes = new()
    {
        ["gauge"] = [""],
        ["counter"] = ["_total"],
        ["info"] = ["_info"],
        ["histogram"] = ["_bucket", "_count", "_sum"],
        ["gaugehistogram"] = ["_bucket", "_gcount", "_gsum"],
    };

    public static List<ParsedFamily> Parse(ReadOnlySpan<byte> utf8)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
        Require(text.EndsWith("# EOF\n", StringComparison.Ordinal), "the text ends with '# EOF' and a line feed");
        Require(!text.Contains('\0', StringComparison.Ordinal), "no NUL");
        var families = new List<ParsedFamily>();
        var identities = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text[..^"# EOF\n".Length].Split('\n', StringSplitOptions.None)[..^1])
        {
            Require(line.Length > 0, "no empty line");
            if (line.StartsWith('#'))
            {
                ReadMetadata(line, families);
                continue;
            }
            var sample = SampleLine.Parse(line);
            Require(families.Count > 0, "metadata come before samples");
            var family = families[^1];
            var known = Suffixes[family.Type!].Any(s => sample.Name == family.Name + s);
            Require(known, $"sample {sample.Name} belongs to the family {family.Name} of type {family.Type}");
            Require(identities.Add(sample.Identity), $"series {sample.Identity} appears once");
            family.Samples.Add(sample);
        }
        families.ForEach(Validate);
        return families;
    }

    private static void ReadMetadata(string line, List<ParsedFamily> families)
    {
        var words = line.Split(' ', 4);
        Require(words.Length == 4 && words[0] == "#", $"metadata are '# KEYWORD name text': {line}");
        var name = words[2];
        if (families.Count == 0 || families[^1].Name != name)
        {
            Require(families.All(f => f.Name != name), $"family {name} is not interleaved");
            families.Add(new ParsedFamily(name));
        }
        var family = families[^1];
        Require(family.Samples.Count == 0, "metadata come before samples");
        switch (words[1])
        {
            case "TYPE":
                Require(family.Type is null && Suffixes.ContainsKey(words[3]), $"one known type: {line}");
                family.Type = words[3];
                break;
            case "UNIT":
                Require(
                    family.Unit is null && name.EndsWith("_" + words[3], StringComparison.Ordinal),
                    $"the name ends in the unit: {line}"
                );
                family.Unit = words[3];
                break;
            case "HELP":
                Require(family.Help is null, $"one help: {line}");
                family.Help = SampleLine.Unescape(words[3], quotes: true);
                break;
            default:
                throw new FormatException($"unknown keyword: {line}");
        }
    }

    private static void Validate(ParsedFamily family)
    {
        Require(family.Type is not null && family.Help is not null, $"{family.Name} has type and help");
        switch (family.Type)
        {
            case "counter":
                Require(family.Samples.All(s => s.Value >= 0), $"{family.Name}: counters are not negative");
                break;
            case "info":
                Require(
                    family.Unit is null && family.Samples.All(s => s.Value == 1),
                    $"{family.Name}: an info is 1 and has no unit"
                );
                break;
            case "histogram":
            case "gaugehistogram":
                ValidateHistogram(family);
                break;
        }
    }

    private static void ValidateHistogram(ParsedFamily family)
    {
        var gauge = family.Type == "gaugehistogram";
        var (count, sum) = gauge ? ("_gcount", "_gsum") : ("_count", "_sum");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? current = null;
        foreach (var sample in family.Samples)
        {
            var metric = sample.IdentityWithout("le");
            Require(metric == current || seen.Add(metric), $"{family.Name}: samples of one metric stand together");
            current = metric;
        }
        foreach (var metric in family.Samples.GroupBy(s => s.IdentityWithout("le")))
        {
            var buckets = metric.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
            var bounds = buckets.Select(b => SampleLine.ParseNumber(b.Label("le")!)).ToList();
            Require(
                buckets.Count > 0 && double.IsPositiveInfinity(bounds[^1]),
                $"{family.Name}: the last bucket is +Inf"
            );
            Require(buckets.All(b => CanonicalFloat.IsCanonical(b.Label("le")!)), $"{family.Name}: le is canonical");
            Require(bounds.Zip(bounds.Skip(1)).All(p => p.First < p.Second), $"{family.Name}: bounds increase");
            Require(
                buckets.All(b => b.Value >= 0 && b.ValueText.All(char.IsAsciiDigit)),
                $"{family.Name}: buckets are whole and not negative"
            );
            Require(
                buckets.Zip(buckets.Skip(1)).All(p => p.First.Value <= p.Second.Value),
                $"{family.Name}: buckets never fall"
            );
            Require(
                metric.Single(s => s.Name == family.Name + count).Value == buckets[^1].Value,
                $"{family.Name}: the count is the bucket +Inf"
            );
            var total = metric.Single(s => s.Name == family.Name + sum).Value;
            Require(
                gauge || (total >= 0 && bounds[0] >= 0),
                $"{family.Name}: a histogram with a sum has no negative bounds"
            );
        }
    }

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new FormatException($"OpenMetrics: {rule}");
        }
    }
}
