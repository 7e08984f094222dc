namespace CurvatureMonitor.Metrics.Registry;

/// <summary>Constant text in labels; its value is 1 for as long as the series exists.</summary>
public sealed class Info : MetricSeries
{
    internal Info(Lock gate, byte[] labels)
        : base(gate, labels) { }

    internal override bool TryRead(out double value, out BucketCounts? buckets)
    {
        buckets = null;
        value = 1;
        return true;
    }
}
