using System.Buffers;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Exposition;

/// <summary>
/// Writes a snapshot as Prometheus text 0.0.4 or as OpenMetrics 1.0. Both name the same series with the same labels; samples carry no timestamps, so that
/// Prometheus can tell when a series has gone.
/// </summary>
public static class ExpositionWriter
{
    /// <summary>Writes the whole snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="format">The format.</param>
    /// <param name="output">Where the UTF-8 text goes.</param>
    public static void Write(MetricSnapshot snapshot, ExpositionFormat format, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(output);
        var openMetrics = format == ExpositionFormat.OpenMetrics;
        var writer = new Utf8LineWriter(output);
        foreach (ref readonly var family in snapshot.Families)
        {
            var series = snapshot.Series(family);
            if (openMetrics)
            {
                WriteOpenMetrics(ref writer, family.Descriptor, series);
            }
            else
            {
                WriteText(ref writer, family.Descriptor, series);
            }
        }
        if (openMetrics)
        {
            writer.Append("# EOF\n"u8);
        }
        writer.Flush();
    }

    private static void WriteOpenMetrics(ref Utf8LineWriter writer, MetricDescriptor descriptor, ReadOnlySpan<SeriesState> series)
    {
        writer.Append("# TYPE "u8);
        writer.Append(descriptor.FamilyName);
        writer.Append(" "u8);
        writer.Append(OpenMetricsType(descriptor.Type));
        if (descriptor.Unit is { } unit)
        {
            writer.Append("# UNIT "u8);
            writer.Append(descriptor.FamilyName);
            writer.Append(" "u8);
            writer.Append(unit);
            writer.Append("\n"u8);
        }
        WriteHelp(ref writer, descriptor.FamilyName, ""u8, descriptor.Help, escapeQuotes: true);
        foreach (ref readonly var state in series)
        {
            switch (descriptor.Type)
            {
                case MetricType.Histogram:
                    WriteBuckets(ref writer, descriptor, state);
                    WriteCount(ref writer, descriptor.Name, "_count"u8, state);
                    WriteValue(ref writer, descriptor.Name, "_sum"u8, state.Labels, state.Buckets!.Sum);
                    break;
                case MetricType.GaugeHistogram:
                    WriteBuckets(ref writer, descriptor, state);
                    WriteCount(ref writer, descriptor.Name, "_gcount"u8, state);
                    WriteValue(ref writer, descriptor.Name, "_gsum"u8, state.Labels, state.Buckets!.Sum);
                    break;
                default:
                    WriteValue(ref writer, descriptor.Name, ""u8, state.Labels, state.Value);
                    break;
            }
        }
    }

    private static void WriteText(ref Utf8LineWriter writer, MetricDescriptor descriptor, ReadOnlySpan<SeriesState> series)
    {
        switch (descriptor.Type)
        {
            case MetricType.Histogram:
                WriteTextHeader(ref writer, descriptor, ""u8, "histogram\n"u8);
                foreach (ref readonly var state in series)
                {
                    WriteBuckets(ref writer, descriptor, state);
                    WriteValue(ref writer, descriptor.Name, "_sum"u8, state.Labels, state.Buckets!.Sum);
                    WriteCount(ref writer, descriptor.Name, "_count"u8, state);
                }
                break;
            case MetricType.GaugeHistogram:
                // The format has no such type, and "histogram" would invite rate(). As three untyped families every sample is under a header of its own.
                WriteTextHeader(ref writer, descriptor, "_bucket"u8, "untyped\n"u8);
                foreach (ref readonly var state in series)
                {
                    WriteBuckets(ref writer, descriptor, state);
                }
                WriteTextHeader(ref writer, descriptor, "_gcount"u8, "untyped\n"u8);
                foreach (ref readonly var state in series)
                {
                    WriteCount(ref writer, descriptor.Name, "_gcount"u8, state);
                }
                WriteTextHeader(ref writer, descriptor, "_gsum"u8, "untyped\n"u8);
                foreach (ref readonly var state in series)
                {
                    WriteValue(ref writer, descriptor.Name, "_gsum"u8, state.Labels, state.Buckets!.Sum);
                }
                break;
            default:
                WriteTextHeader(ref writer, descriptor, ""u8, descriptor.Type == MetricType.Counter ? "counter\n"u8 : "gauge\n"u8);
                foreach (ref readonly var state in series)
                {
                    WriteValue(ref writer, descriptor.Name, ""u8, state.Labels, state.Value);
                }
                break;
        }
    }

    private static ReadOnlySpan<byte> OpenMetricsType(MetricType type) => type switch
    {
        MetricType.Counter => "counter\n"u8,
        MetricType.Histogram => "histogram\n"u8,
        MetricType.GaugeHistogram => "gaugehistogram\n"u8,
        MetricType.Info => "info\n"u8,
        _ => "gauge\n"u8,
    };

    private static void WriteTextHeader(ref Utf8LineWriter writer, MetricDescriptor descriptor, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> type)
    {
        WriteHelp(ref writer, descriptor.Name, suffix, descriptor.Help, escapeQuotes: false);
        writer.Append("# TYPE "u8);
        writer.Append(descriptor.Name);
        writer.Append(suffix);
        writer.Append(" "u8);
        writer.Append(type);
    }

    // OpenMetrics escapes quotes in help, text 0.0.4 does not; backslash and line feed are escaped in both.
    private static void WriteHelp(ref Utf8LineWriter writer, string name, ReadOnlySpan<byte> suffix, string help, bool escapeQuotes)
    {
        writer.Append("# HELP "u8);
        writer.Append(name);
        writer.Append(suffix);
        writer.Append(" "u8);
        if (help.AsSpan().IndexOfAny('\\', '\n', '"') >= 0)
        {
            help = help.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
            help = escapeQuotes ? help.Replace("\"", "\\\"", StringComparison.Ordinal) : help;
        }
        writer.Append(help);
        writer.Append("\n"u8);
    }

    private static void WriteBuckets(ref Utf8LineWriter writer, MetricDescriptor descriptor, in SeriesState state)
    {
        var cumulative = state.Buckets!.Cumulative;
        for (var i = 0; i < cumulative.Length; i++)
        {
            writer.Append(descriptor.Name);
            writer.Append("_bucket{"u8);
            writer.Append(state.Labels);
            writer.Append(state.Labels.Length > 0 ? ",le=\""u8 : "le=\""u8);
            writer.AppendBound(i < descriptor.Bounds.Count ? descriptor.Bounds[i] : double.PositiveInfinity);
            writer.Append("\"} "u8);
            writer.AppendCount(cumulative[i]);
            writer.Append("\n"u8);
        }
    }

    private static void WriteCount(ref Utf8LineWriter writer, string name, ReadOnlySpan<byte> suffix, in SeriesState state)
    {
        WriteName(ref writer, name, suffix, state.Labels);
        writer.AppendCount(state.Buckets!.Count);
        writer.Append("\n"u8);
    }

    private static void WriteValue(ref Utf8LineWriter writer, string name, ReadOnlySpan<byte> suffix, byte[] labels, double value)
    {
        WriteName(ref writer, name, suffix, labels);
        writer.AppendValue(value);
        writer.Append("\n"u8);
    }

    private static void WriteName(ref Utf8LineWriter writer, string name, ReadOnlySpan<byte> suffix, byte[] labels)
    {
        writer.Append(name);
        writer.Append(suffix);
        if (labels.Length > 0)
        {
            writer.Append("{"u8);
            writer.Append(labels);
            writer.Append("} "u8);
        }
        else
        {
            writer.Append(" "u8);
        }
    }
}
