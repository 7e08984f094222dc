namespace CurvatureMonitor.Metrics.Registry;

/// <summary>The kind of a metric family, as OpenMetrics 1.0 names them (section "Metric Types").</summary>
public enum MetricType
{
    /// <summary>A current value that may go up and down.</summary>
    Gauge,

    /// <summary>A count that only grows; its samples end in <c>_total</c>.</summary>
    Counter,

    /// <summary>
    /// Observations accumulated since the start, in buckets; <c>_bucket</c>, <c>_count</c>, <c>_sum</c>.
    /// </summary>
    Histogram,

    /// <summary>A current distribution, replaced as a whole; <c>_bucket</c>, <c>_gcount</c>, <c>_gsum</c>.</summary>
    GaugeHistogram,

    /// <summary>Constant text carried by labels; the value is always 1 and samples end in <c>_info</c>.</summary>
    Info,
}
