using System.Text;

namespace CurvatureMonitor.Metrics.Registry;

/// <summary>All series of one descriptor. Made by <see cref="MetricRegistry"/>.</summary>
/// <typeparam name="TSeries">The type of the series.</typeparam>
public sealed class MetricFamily<TSeries> : IMetricFamily
    where TSeries : MetricSeries
{
    private readonly Lock _gate;
    private readonly Func<byte[], TSeries> _create;

    // Ordered, so that successive scrapes list series in the same order; keyed by label text, so that equal text is
    // never exposed twice.
    private readonly OrderedDictionary<string, TSeries> _series = new(StringComparer.Ordinal);

    internal MetricFamily(MetricDescriptor descriptor, Lock gate, Func<byte[], TSeries> create)
    {
        Descriptor = descriptor;
        _gate = gate;
        _create = create;
    }

    /// <summary>What the family is.</summary>
    public MetricDescriptor Descriptor { get; }

    int IMetricFamily.Count => _series.Count;

    /// <summary>The series with these label values; made when it does not exist yet.</summary>
    /// <param name="values">One value for every label of the descriptor, in its order.</param>
    /// <exception cref="ArgumentException">The number of values is not that of the labels.</exception>
    public TSeries WithLabels(params ReadOnlySpan<string> values)
    {
        var key = LabelText.Build(Descriptor.Labels, values);
        lock (_gate)
        {
            if (!_series.TryGetValue(key, out var series))
            {
                series = _create(Encoding.UTF8.GetBytes(key));
                _series.Add(key, series);
            }
            return series;
        }
    }

    /// <summary>
    /// A series that no scrape will see; for owners that were removed while someone still writes to them.
    /// </summary>
    internal TSeries Detached(ReadOnlySpan<string> values) =>
        _create(Encoding.UTF8.GetBytes(LabelText.Build(Descriptor.Labels, values)));

    int IMetricFamily.CopyTo(Span<SeriesState> destination)
    {
        var count = 0;
        foreach (var (_, series) in _series)
        {
            if (series.TryRead(out var value, out var buckets))
            {
                destination[count++] = new SeriesState(series.Labels, value, buckets);
            }
        }
        return count;
    }

    void IMetricFamily.Remove(MetricSeries series)
    {
        var key = Encoding.UTF8.GetString(series.Labels);
        if (_series.TryGetValue(key, out var present) && ReferenceEquals(present, series))
        {
            _series.Remove(key);
        }
    }
}
