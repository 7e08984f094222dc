namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// A count that only grows. It exists from the start with the value 0, so that a first increase is visible to
/// <c>rate()</c>.
/// </summary>
public sealed class Counter : MetricSeries
{
    private double _value;

    internal Counter(Lock gate, byte[] labels)
        : base(gate, labels) { }

    /// <summary>Adds to the count.</summary>
    /// <param name="amount">A finite amount of at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative or not finite.</exception>
    public void Increment(double amount = 1)
    {
        if (!double.IsFinite(amount) || amount < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(amount),
                amount,
                "A counter grows by finite amounts of at least 0."
            );
        }
        lock (Gate)
        {
            _value += amount;
        }
    }

    internal override bool TryRead(out double value, out BucketCounts? buckets)
    {
        buckets = null;
        value = _value;
        return true;
    }
}
