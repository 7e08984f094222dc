namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// Series that live and go together, for example all series of one run. Made by
/// <see cref="MetricRegistry.CreateGroup"/>.
/// </summary>
public sealed class SeriesGroup
{
    private readonly Lock _gate;
    private readonly HashSet<(IMetricFamily Family, MetricSeries Series)> _members = [];

    internal SeriesGroup(Lock gate) => _gate = gate;

    /// <summary>
    /// Whether <see cref="Remove"/> was called. Series of a removed group can still be written to, and no scrape shows
    /// them.
    /// </summary>
    public bool IsRemoved { get; private set; }

    /// <summary>
    /// The series with these label values, which goes when the group goes. After <see cref="Remove"/> a series that is
    /// never shown.
    /// </summary>
    /// <typeparam name="TSeries">The type of the series.</typeparam>
    /// <param name="family">The family.</param>
    /// <param name="values">One value for every label of the family.</param>
    public TSeries Add<TSeries>(MetricFamily<TSeries> family, params ReadOnlySpan<string> values)
        where TSeries : MetricSeries
    {
        ArgumentNullException.ThrowIfNull(family);
        lock (_gate)
        {
            if (IsRemoved)
            {
                return family.Detached(values);
            }
            var series = family.WithLabels(values);
            _members.Add((family, series));
            return series;
        }
    }

    /// <summary>
    /// Takes every series of the group out of its family, in one step that a scrape sees whole or not at all.
    /// </summary>
    public void Remove()
    {
        lock (_gate)
        {
            IsRemoved = true;
            foreach (var (family, series) in _members)
            {
                family.Remove(series);
            }
            _members.Clear();
        }
    }
}
