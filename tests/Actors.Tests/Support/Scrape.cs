using System.Buffers;
using System.Globalization;
using System.Text;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Exposition;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>What a scrape would say now.</summary>
internal static class Scrape
{
    internal static string Text(CurvatureMetrics metrics, ExpositionFormat? format = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        metrics.Write(format ?? ExpositionFormat.Text, buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The value of a sample line, by everything before it; null where there is none.</summary>
    internal static double? Sample(CurvatureMetrics metrics, string series)
    {
        string? line = Text(metrics)
            .Split('\n')
            .SingleOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        return line is null ? null : double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
