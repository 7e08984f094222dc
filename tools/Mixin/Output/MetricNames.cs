using System.Text.RegularExpressions;

namespace CurvatureMonitor.Mixin.Output;

/// <summary>Which metrics a PromQL expression names.</summary>
internal static partial class MetricNames
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "and",
        "or",
        "unless",
        "offset",
        "bool",
        "inf",
        "nan",
    };

    private static readonly string[] HistogramSuffixes = ["_bucket", "_gcount", "_gsum", "_count", "_sum"];

    /// <summary>The names in order, each once. Functions, keywords, labels and text are no names.</summary>
    /// <param name="expression">PromQL.</param>
    public static IReadOnlyList<string> In(string expression)
    {
        var bare = Noise().Replace(expression, " ");
        return
        [
            .. Identifier()
                .Matches(bare)
                .Select(match => match.Value)
                .Where(name => !Words.Contains(name))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// The selectors of series in order, each once: names with their matchers, without windows and offsets.
    /// </summary>
    /// <param name="expression">PromQL.</param>
    public static IReadOnlyList<string> SelectorsIn(string expression)
    {
        var names = In(expression);
        return
        [
            .. Selector()
                .Matches(expression)
                .Where(match => names.Contains(match.Groups["name"].Value))
                .Select(match => match.Value)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>The family that a sample's name may belong to: itself, and without the suffix of a histogram.</summary>
    /// <param name="name">A sample's name.</param>
    public static IEnumerable<string> Families(string name)
    {
        yield return name;
        if (Array.Find(HistogramSuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix)
        {
            yield return name[..^suffix.Length];
        }
    }

    [GeneratedRegex(
        """(?<![A-Za-z0-9_:."])(?<name>[A-Za-z_:][A-Za-z0-9_:]*)(?![A-Za-z0-9_:])(?!\s*\()"""
            + """(?:\{(?:[^}"]|"(?:[^"\\]|\\.)*")*\})?"""
    )]
    private static partial Regex Selector();

    // Text, matchers, windows, and lists of labels.
    [GeneratedRegex(
        """
              "(?:[^"\\]|\\.)*"
            | \{(?:[^}"]|"(?:[^"\\]|\\.)*")*\}
            | \[[^\]]*\]
            | \b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)
            """,
        RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Noise();

    // A name stands at no number's tail and is no function's name.
    [GeneratedRegex(@"(?<![A-Za-z0-9_:.])[A-Za-z_:][A-Za-z0-9_:]*(?![A-Za-z0-9_:])(?!\s*\()")]
    private static partial Regex Identifier();
}
