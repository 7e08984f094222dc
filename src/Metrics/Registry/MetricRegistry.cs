namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// All metric families of a process, behind one re-entrant lock: updates made within one <see cref="BeginUpdate"/>
/// scope are seen by a snapshot all together or not at all. The lock is held for assignments only; text is written from
/// a snapshot, outside of it.
/// </summary>
public sealed class MetricRegistry
{
    private readonly Lock _gate = new();
    private readonly List<IMetricFamily> _families = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private Action[] _collectors = [];
    private Action<MetricDescriptor, Histogram, double>? _observed;

    /// <summary>What the registry holds, in the order of registration, which is that of the exposition.</summary>
    public IReadOnlyList<MetricDescriptor> Descriptors
    {
        get
        {
            lock (_gate)
            {
                return [.. _families.Select(f => f.Descriptor)];
            }
        }
    }

    /// <summary>Registers a family of gauges.</summary>
    /// <inheritdoc
    /// cref="MetricDescriptor(string, MetricType, string, IReadOnlyList{string}?, string?, IReadOnlyList{double}?)"
    /// />
    public MetricFamily<Gauge> AddGauge(
        string name,
        string help,
        IReadOnlyList<string>? labels = null,
        string? unit = null
    ) => Register(new MetricDescriptor(name, MetricType.Gauge, help, labels, unit), text => new Gauge(_gate, text));

    /// <summary>Registers a family of counters; the name ends in <c>_total</c>.</summary>
    /// <inheritdoc
    /// cref="MetricDescriptor(string, MetricType, string, IReadOnlyList{string}?, string?, IReadOnlyList{double}?)"
    /// />
    public MetricFamily<Counter> AddCounter(
        string name,
        string help,
        IReadOnlyList<string>? labels = null,
        string? unit = null
    ) => Register(new MetricDescriptor(name, MetricType.Counter, help, labels, unit), text => new Counter(_gate, text));

    /// <summary>Registers a family of infos; the name ends in <c>_info</c>.</summary>
    /// <inheritdoc
    /// cref="MetricDescriptor(string, MetricType, string, IReadOnlyList{string}?, string?, IReadOnlyList{double}?)"
    /// />
    public MetricFamily<Info> AddInfo(string name, string help, IReadOnlyList<string>? labels = null) =>
        Register(new MetricDescriptor(name, MetricType.Info, help, labels), text => new Info(_gate, text));

    /// <summary>Registers a family of histograms.</summary>
    /// <inheritdoc
    /// cref="MetricDescriptor(string, MetricType, string, IReadOnlyList{string}?, string?, IReadOnlyList{double}?)"
    /// />
    public MetricFamily<Histogram> AddHistogram(
        string name,
        string help,
        IReadOnlyList<double> bounds,
        IReadOnlyList<string>? labels = null,
        string? unit = null
    )
    {
        var descriptor = new MetricDescriptor(name, MetricType.Histogram, help, labels, unit, bounds);
        return Register(descriptor, text => new Histogram(_gate, text, descriptor.Bounds, (series, value) =>
            _observed?.Invoke(descriptor, series, value)
        ));
    }

    /// <summary>Registers a family of gauge histograms.</summary>
    /// <inheritdoc
    /// cref="MetricDescriptor(string, MetricType, string, IReadOnlyList{string}?, string?, IReadOnlyList{double}?)"
    /// />
    public MetricFamily<GaugeHistogram> AddGaugeHistogram(
        string name,
        string help,
        IReadOnlyList<double> bounds,
        IReadOnlyList<string>? labels = null,
        string? unit = null
    )
    {
        var descriptor = new MetricDescriptor(name, MetricType.GaugeHistogram, help, labels, unit, bounds);
        return Register(descriptor, text => new GaugeHistogram(_gate, text, descriptor.Bounds));
    }

    /// <summary>
    /// Holds snapshots back until the scope is disposed, so that the updates within it appear together. Keep it short
    /// and free of waiting.
    /// </summary>
    /// <returns>A scope to be disposed on the same thread.</returns>
    public Lock.Scope BeginUpdate() => _gate.EnterScope();

    /// <summary>Makes an empty group of series that are removed together.</summary>
    public SeriesGroup CreateGroup() => new(_gate);

    /// <summary>
    /// Adds an action that runs before every snapshot, outside the lock, to refresh values that are read rather than
    /// reported.
    /// </summary>
    /// <param name="collect">The action; what it throws fails the scrape, visibly, rather than leaving an old
    /// value.</param>
    public void AddCollector(Action collect)
    {
        ArgumentNullException.ThrowIfNull(collect);
        lock (_gate)
        {
            _collectors = [.. _collectors, collect];
        }
    }

    /// <summary>Copies the state of every series at one instant. Safe to call from many threads at once.</summary>
    /// <returns>A snapshot on pooled memory, to be disposed.</returns>
    public MetricSnapshot Snapshot() => Snapshot(static () => { });

    /// <summary>
    /// Has an action told of every observation of a histogram from now on, under the registry's lock: keep it short.
    /// </summary>
    internal void OnObserved(Action<MetricDescriptor, Histogram, double> observed)
    {
        lock (_gate)
        {
            _observed += observed;
        }
    }

    /// <summary>A snapshot, and an action at the same instant: no update lies between the two.</summary>
    internal MetricSnapshot Snapshot(Action atTheSameInstant)
    {
        foreach (var collect in Volatile.Read(ref _collectors))
        {
            collect();
        }
        lock (_gate)
        {
            atTheSameInstant();
            return new MetricSnapshot(_families);
        }
    }

    private MetricFamily<TSeries> Register<TSeries>(MetricDescriptor descriptor, Func<byte[], TSeries> create)
        where TSeries : MetricSeries
    {
        var family = new MetricFamily<TSeries>(descriptor, _gate, create);
        lock (_gate)
        {
            if (!_names.Add(descriptor.FamilyName))
            {
                throw new ArgumentException(
                    $"A metric family '{descriptor.FamilyName}' is registered already.",
                    nameof(descriptor)
                );
            }
            _families.Add(family);
        }
        if (descriptor.Labels.Count == 0 && descriptor.Type is MetricType.Counter)
        {
            // What can be counted and carries no label is there from the first scrape on, at 0. A histogram is not:
            // pushes know none without observations, and a scrape shall say the same.
            family.WithLabels();
        }
        return family;
    }
}
