using System.Buffers;
using System.Text;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Tests.Support;

internal static class Rendering
{
    public static byte[] Bytes(this MetricRegistry registry, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        using var snapshot = registry.Snapshot();
        ExpositionWriter.Write(snapshot, format, output);
        return output.WrittenSpan.ToArray();
    }

    public static string Text(this MetricRegistry registry, ExpositionFormat format) =>
        Encoding.UTF8.GetString(registry.Bytes(format));

    public static List<ParsedFamily> Scrape(this MetricRegistry registry) =>
        OpenMetricsParser.Parse(registry.Bytes(ExpositionFormat.OpenMetrics));

    public static List<Sample> Samples(this CurvatureMetrics metrics) =>
        [.. metrics.Registry.Scrape().SelectMany(f => f.Samples)];

    /// <summary>
    /// The value of the one sample with this name and these labels among others; null when there is none.
    /// </summary>
    public static double? Value(
        this CurvatureMetrics metrics,
        string name,
        params (string Name, string Value)[] labels
    ) => metrics.Samples().SingleOrDefault(s => s.Name == name && labels.All(l => s.Label(l.Name) == l.Value))?.Value;
}
