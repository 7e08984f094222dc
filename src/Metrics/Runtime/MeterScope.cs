using System.Diagnostics.Metrics;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Runtime;

/// <summary>The meter of one run, or of the process, and what its instruments tell.</summary>
internal sealed class MeterScope : IDisposable
{
    private readonly Meter _meter;
    private readonly Action<string, MetricDescriptor, int> _announce;
    private readonly Dictionary<string, Readings> _readings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Histogram<double>> _histograms = new(StringComparer.Ordinal);

    /// <summary>Makes the meter, without instruments.</summary>
    /// <param name="run">The run, or empty for the process.</param>
    /// <param name="anchor">Labels of the series that the scope was made for.</param>
    /// <param name="announce">Told of every instrument before there is one: its name, its family, and the bounds that
    /// are labels of it.</param>
    internal MeterScope(string run, byte[] anchor, Action<string, MetricDescriptor, int> announce)
    {
        Anchor = anchor;
        _announce = announce;
        // A name of its own for every run: exporters put meters of one name together, whatever their tags.
        _meter =
            run.Length == 0
                ? new Meter(RegistryMeters.MeterName)
                : new Meter(
                    new MeterOptions($"{RegistryMeters.MeterName}.Run.{Uri.EscapeDataString(run)}")
                    {
                        Tags = [new KeyValuePair<string, object?>("run", run)],
                    }
                );
    }

    internal byte[] Anchor { get; }

    /// <summary>Adds a series to what is shown next.</summary>
    internal void Add(MetricDescriptor family, KeyValuePair<string, object?>[] tags, in SeriesState state)
    {
        switch (family.Type)
        {
            case MetricType.Histogram:
                Histogram(family);
                break;
            case MetricType.GaugeHistogram:
                AddBuckets(family, tags, state.Buckets!);
                break;
            default:
                For(family.Name, family).Add(new Measurement<double>(state.Value, tags));
                break;
        }
    }

    /// <summary>Counts an observation of a histogram.</summary>
    internal void Record(MetricDescriptor family, KeyValuePair<string, object?>[] tags, double value) =>
        Histogram(family).Record(value, tags);

    /// <summary>Shows what was added since it was last called, and nothing else.</summary>
    internal void Show()
    {
        foreach (var readings in _readings.Values)
        {
            readings.Show();
        }
    }

    public void Dispose() => _meter.Dispose();

    // Units as OpenTelemetry writes them (UCUM).
    private static string? Unit(MetricDescriptor family) =>
        family.Unit switch
        {
            "seconds" => "s",
            "bytes" => "By",
            "ratio" => "1",
            null => null,
            var other => $"{{{other.TrimEnd('s')}}}",
        };

    private void AddBuckets(MetricDescriptor family, KeyValuePair<string, object?>[] tags, BucketCounts counts)
    {
        var buckets = For(family.Name + "_bucket", family, family.Bounds.Count);
        for (var i = 0; i < counts.Cumulative.Length; i++)
        {
            var le = FamilyText.Bound(i < family.Bounds.Count ? family.Bounds[i] : double.PositiveInfinity);
            buckets.Add(
                new Measurement<double>(counts.Cumulative[i], [.. tags, new KeyValuePair<string, object?>("le", le)])
            );
        }
        For(family.Name + "_gcount", family).Add(new Measurement<double>(counts.Count, tags));
        For(family.Name + "_gsum", family).Add(new Measurement<double>(counts.Sum, tags));
    }

    private Readings For(string name, MetricDescriptor family, int bounds = 0)
    {
        if (!_readings.TryGetValue(name, out var readings))
        {
            _announce(name, family, bounds);
            _readings.Add(name, readings = new Readings());
            _ =
                family.Type == MetricType.Counter
                    ? (Instrument)_meter.CreateObservableCounter(name, readings.Read, Unit(family), family.Help)
                    : _meter.CreateObservableGauge(name, readings.Read, Unit(family), family.Help);
        }
        return readings;
    }

    private Histogram<double> Histogram(MetricDescriptor family)
    {
        if (!_histograms.TryGetValue(family.Name, out var histogram))
        {
            _announce(family.Name, family, 0);
            var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = family.Bounds };
            _histograms.Add(
                family.Name,
                histogram = _meter.CreateHistogram(family.Name, Unit(family), family.Help, tags: null, advice)
            );
        }
        return histogram;
    }

    /// <summary>
    /// What one instrument tells: an array that is replaced as a whole, since any thread may read it.
    /// </summary>
    private sealed class Readings
    {
        private readonly List<Measurement<double>> _next = [];
        private volatile Measurement<double>[] _shown = [];

        public void Add(Measurement<double> measurement) => _next.Add(measurement);

        public void Show()
        {
            _shown = [.. _next];
            _next.Clear();
        }

        public Measurement<double>[] Read() => _shown;
    }
}
