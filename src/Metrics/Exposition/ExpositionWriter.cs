using System.Buffers;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Exposition;

/// <summary>
/// Writes a snapshot as Prometheus text 0.0.4 or as OpenMetrics 1.0. Both name the same series with the same labels;
/// samples carry no timestamps, so that Prometheus can tell when a series has gone.
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

    private static void WriteOpenMetrics(
        ref Utf8LineWriter writer,
        MetricDescriptor descriptor,
        ReadOnlySpan<SeriesState> series
    )
    {
        var text = FamilyText.Of(descriptor);
        writer.Append(text.OpenMetricsHeader);
        foreach (ref readonly var state in series)
        {
            if (state.Buckets is { } buckets)
            {
                WriteBuckets(ref writer, text, state.Labels, buckets);
                WriteCount(ref writer, text.Count, state.Labels, buckets.Count);
                WriteValue(ref writer, text.Sum, state.Labels, buckets.Sum);
            }
            else
            {
                WriteValue(ref writer, text.Value, state.Labels, state.Value);
            }
        }
    }

    private static void WriteText(
        ref Utf8LineWriter writer,
        MetricDescriptor descriptor,
        ReadOnlySpan<SeriesState> series
    )
    {
        var text = FamilyText.Of(descriptor);
        switch (descriptor.Type)
        {
            case MetricType.Histogram:
                writer.Append(text.TextHeader);
                foreach (ref readonly var state in series)
                {
                    WriteBuckets(ref writer, text, state.Labels, state.Buckets!);
                    WriteValue(ref writer, text.Sum, state.Labels, state.Buckets!.Sum);
                    WriteCount(ref writer, text.Count, state.Labels, state.Buckets.Count);
                }
                break;
            case MetricType.GaugeHistogram:
                // The format has no such type, and "histogram" would invite rate(). As three untyped families every
                // sample is under a header of its own.
                writer.Append(text.BucketHeader);
                foreach (ref readonly var state in series)
                {
                    WriteBuckets(ref writer, text, state.Labels, state.Buckets!);
                }
                writer.Append(text.CountHeader);
                foreach (ref readonly var state in series)
                {
                    WriteCount(ref writer, text.Count, state.Labels, state.Buckets!.Count);
                }
                writer.Append(text.SumHeader);
                foreach (ref readonly var state in series)
                {
                    WriteValue(ref writer, text.Sum, state.Labels, state.Buckets!.Sum);
                }
                break;
            default:
                writer.Append(text.TextHeader);
                foreach (ref readonly var state in series)
                {
                    WriteValue(ref writer, text.Value, state.Labels, state.Value);
                }
                break;
        }
    }

    private static void WriteBuckets(ref Utf8LineWriter writer, FamilyText text, byte[] labels, BucketCounts buckets)
    {
        var cumulative = buckets.Cumulative;
        for (var i = 0; i < cumulative.Length; i++)
        {
            writer.Append(text.Bucket.Open);
            if (labels.Length > 0)
            {
                writer.Append(labels);
                writer.Append(","u8);
            }
            writer.Append(text.Bounds[i]);
            writer.AppendCountLine(cumulative[i]);
        }
    }

    private static void WriteCount(ref Utf8LineWriter writer, FamilyText.SampleText sample, byte[] labels, long count)
    {
        WriteSeries(ref writer, sample, labels);
        writer.AppendCountLine(count);
    }

    private static void WriteValue(ref Utf8LineWriter writer, FamilyText.SampleText sample, byte[] labels, double value)
    {
        WriteSeries(ref writer, sample, labels);
        writer.AppendValueLine(value);
    }

    private static void WriteSeries(ref Utf8LineWriter writer, FamilyText.SampleText sample, byte[] labels)
    {
        if (labels.Length == 0)
        {
            writer.Append(sample.Bare);
            return;
        }
        writer.Append(sample.Open);
        writer.Append(labels);
        writer.Append("} "u8);
    }
}
