using System.Runtime.CompilerServices;
using System.Text;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Exposition;

/// <summary>
/// Everything of a family's text that no series changes, as UTF-8: made once, so that a scrape copies it.
/// </summary>
internal sealed class FamilyText
{
    private static readonly ConditionalWeakTable<MetricDescriptor, FamilyText> Made = [];

    private readonly MetricDescriptor _family;

    private FamilyText(MetricDescriptor family)
    {
        _family = family;
        Value = new SampleText(family.Name);
        Bucket = new SampleText(family.Name + "_bucket");
        var gauges = family.Type == MetricType.GaugeHistogram;
        Count = new SampleText(family.Name + (gauges ? "_gcount" : "_count"));
        Sum = new SampleText(family.Name + (gauges ? "_gsum" : "_sum"));
        Bounds = [.. family.Bounds.Append(double.PositiveInfinity).Select(bound => Utf8($"le=\"{Bound(bound)}\"}} "))];
        OpenMetricsHeader = Utf8(
            $"# TYPE {family.FamilyName} {family.Type.ToString().ToLowerInvariant()}\n"
                + (family.Unit is { } unit ? $"# UNIT {family.FamilyName} {unit}\n" : "")
                + $"# HELP {family.FamilyName} {Escape(family.Help).Replace("\"", "\\\"", StringComparison.Ordinal)}\n"
        ); // text 0.0.4 does not escape quotes
    }

    /// <summary>The text of a family.</summary>
    public static FamilyText Of(MetricDescriptor family) => Made.GetValue(family, made => new FamilyText(made));

    /// <summary>The samples of a simple type.</summary>
    public SampleText Value { get; }

    /// <summary>The buckets of a histogram type.</summary>
    public SampleText Bucket { get; }

    /// <summary>Its count.</summary>
    public SampleText Count { get; }

    /// <summary>Its sum.</summary>
    public SampleText Sum { get; }

    /// <summary>The end of a bucket's labels, by bound; the last is that of <c>+Inf</c>.</summary>
    public byte[][] Bounds { get; }

    /// <summary>The lines before a family in OpenMetrics.</summary>
    public byte[] OpenMetricsHeader { get; }

    /// <summary>The lines before a family in text 0.0.4, which has neither infos nor gauge histograms.</summary>
    public byte[] TextHeader =>
        field ??= Header(
            "",
            _family.Type switch
            {
                MetricType.Counter => "counter",
                MetricType.Histogram => "histogram",
                _ => "gauge",
            }
        );

    /// <summary>As a gauge histogram is three families in text 0.0.4: the lines before its buckets.</summary>
    public byte[] BucketHeader => field ??= Header("_bucket", "untyped");

    /// <summary>The lines before its counts.</summary>
    public byte[] CountHeader => field ??= Header("_gcount", "untyped");

    /// <summary>The lines before its sums.</summary>
    public byte[] SumHeader => field ??= Header("_gsum", "untyped");

    /// <summary>A bound as the label <c>le</c> has it.</summary>
    public static string Bound(double bound)
    {
        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        return Encoding.UTF8.GetString(text[..NumberText.FormatBound(bound, text)]);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static string Escape(string help) =>
        help.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private byte[] Header(string suffix, string type) =>
        Utf8($"# HELP {_family.Name}{suffix} {Escape(_family.Help)}\n# TYPE {_family.Name}{suffix} {type}\n");

    /// <summary>The beginning of a sample's line.</summary>
    internal readonly struct SampleText(string name)
    {
        /// <summary>Up to the first label.</summary>
        public byte[] Open { get; } = Utf8(name + "{");

        /// <summary>Up to the value, where there is no label.</summary>
        public byte[] Bare { get; } = Utf8(name + " ");
    }
}
