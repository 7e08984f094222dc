namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// One series: a family at one set of label values. All access goes through the lock of its registry, which is
/// re-entrant.
/// </summary>
public abstract class MetricSeries
{
    private protected MetricSeries(Lock gate, byte[] labels)
    {
        Gate = gate;
        Labels = labels;
    }

    /// <summary>
    /// The labels as UTF-8 exposition text without braces, <c>run="a",operator="hessian"</c>, escaped; never changed
    /// after construction.
    /// </summary>
    internal byte[] Labels { get; }

    private protected Lock Gate { get; }

    /// <summary>Reads the present state. The caller holds the registry's lock.</summary>
    /// <returns>False when there is nothing to tell, so that no sample is written.</returns>
    internal abstract bool TryRead(out double value, out BucketCounts? buckets);
}
