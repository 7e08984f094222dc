namespace CurvatureMonitor.Metrics.Registry;

/// <summary>A current distribution, replaced as a whole, or none: it has no sample until it is set.</summary>
public sealed class GaugeHistogram : MetricSeries
{
    private readonly int _buckets;
    private BucketCounts? _counts;

    internal GaugeHistogram(Lock gate, byte[] labels, IReadOnlyList<double> bounds)
        : base(gate, labels) => _buckets = bounds.Count + 1;

    /// <summary>Replaces the distribution.</summary>
    /// <param name="cumulative">Counts at or below every bound, then the total: as many as the family has bounds, and
    /// one more; never falling.</param>
    /// <param name="sum">The sum of what was counted; may be negative.</param>
    /// <exception cref="ArgumentException">The counts are of the wrong number, negative or falling, or the sum is not
    /// finite.</exception>
    public void Set(ReadOnlySpan<long> cumulative, double sum)
    {
        if (cumulative.Length != _buckets)
        {
            throw new ArgumentException(
                $"There are {_buckets} buckets (+Inf included); {cumulative.Length} counts were given.",
                nameof(cumulative)
            );
        }
        var previous = 0L;
        foreach (var count in cumulative)
        {
            if (count < previous)
            {
                throw new ArgumentException("Cumulative counts are never negative and never fall.", nameof(cumulative));
            }
            previous = count;
        }
        if (!double.IsFinite(sum))
        {
            throw new ArgumentException(
                "The sum of a gauge histogram must be finite; clear it when it is not known.",
                nameof(sum)
            );
        }
        var counts = new BucketCounts(cumulative.ToArray(), sum);
        lock (Gate)
        {
            _counts = counts;
        }
    }

    /// <summary>Takes the samples away: the distribution is not known.</summary>
    public void Clear()
    {
        lock (Gate)
        {
            _counts = null;
        }
    }

    internal override bool TryRead(out double value, out BucketCounts? buckets)
    {
        value = 0;
        buckets = _counts;
        return buckets is not null;
    }
}
