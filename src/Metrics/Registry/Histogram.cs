namespace CurvatureMonitor.Metrics.Registry;

/// <summary>Observations accumulated since the start. It exists from the start with all counts 0.</summary>
public sealed class Histogram : MetricSeries
{
    private readonly IReadOnlyList<double> _bounds;
    private readonly Action<Histogram, double> _observed;
    private BucketCounts _counts;

    /// <summary>
    /// Makes the series; <paramref name="observed"/> is told of every observation, under the registry's lock.
    /// </summary>
    internal Histogram(Lock gate, byte[] labels, IReadOnlyList<double> bounds, Action<Histogram, double> observed)
        : base(gate, labels)
    {
        _bounds = bounds;
        _observed = observed;
        _counts = new BucketCounts(new long[bounds.Count + 1], 0);
    }

    /// <summary>Counts one observation in every bucket whose upper bound is at least the value.</summary>
    /// <param name="value">A finite value of at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or not finite.</exception>
    public void Observe(double value)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(value),
                value,
                "A histogram takes finite observations of at least 0: its sum is a counter."
            );
        }
        lock (Gate)
        {
            var cumulative = (long[])_counts.Cumulative.Clone();
            cumulative[^1]++;
            for (var i = _bounds.Count - 1; i >= 0 && value <= _bounds[i]; i--)
            {
                cumulative[i]++;
            }
            _counts = new BucketCounts(cumulative, _counts.Sum + value);
            _observed(this, value);
        }
    }

    internal override bool TryRead(out double value, out BucketCounts? buckets)
    {
        value = 0;
        buckets = _counts;
        return true;
    }
}
