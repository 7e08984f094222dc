namespace CurvatureMonitor.Metrics.Registry;

/// <summary>A current value, or none: a gauge that was never set, or was set to null, has no sample.</summary>
public sealed class Gauge : MetricSeries
{
    private double? _value;

    internal Gauge(Lock gate, byte[] labels)
        : base(gate, labels) { }

    /// <summary>Sets the value. Null takes the sample away; NaN and infinities are values and are shown.</summary>
    /// <param name="value">The new value, or null when it is not known.</param>
    public void Set(double? value)
    {
        lock (Gate)
        {
            _value = value;
        }
    }

    internal override bool TryRead(out double value, out BucketCounts? buckets)
    {
        buckets = null;
        value = _value.GetValueOrDefault();
        return _value.HasValue;
    }
}
