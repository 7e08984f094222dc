using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Runtime;

/// <summary>
/// Shows a registry as meters of .NET, for those who push: one meter named <see cref="MeterName"/> for the process, and
/// one more for every run, named after it, with the tag <c>run</c>, which is disposed when the run's series go, so that
/// nobody who listens keeps them. Instruments tell what the last <see cref="Refresh"/> saw, all of them of one
/// snapshot.
/// </summary>
/// <remarks>
/// Gauges and infos are observable gauges, counters observable counters, histograms histograms. There is no instrument
/// for a gauge histogram: it becomes gauges <c>…_bucket</c> with the label <c>le</c>, <c>…_gcount</c> and
/// <c>…_gsum</c>, the very series of a scrape. Families that bridge other meters are left out: who listens to these
/// meters can listen to those.
/// </remarks>
public sealed class RegistryMeters : IDisposable
{
    /// <summary>The name of the process' meter, and what those of the runs begin with.</summary>
    public const string MeterName = "CurvatureMonitor";

    private const string Run = "run";

    private static readonly HashSet<string> Bridged =
    [
        .. BridgedInstruments
            .ByMeter.Values.SelectMany(instruments => instruments)
            .Select(instrument => instrument.FamilyName),
    ];

    // How many values a label may have within a run; le has one more than there are bounds.
    private static readonly Dictionary<string, int> Values = new(StringComparer.Ordinal)
    {
        [Run] = 1,
        ["state"] = Enum.GetValues<RunState>().Length,
        ["operator"] = 4,
        ["kind"] = 4,
        ["direction"] = 4,
        ["outcome"] = 8,
        ["reason"] = 8,
        ["analysis"] = 16,
        ["rank"] = SeriesLimits.Ranks,
        ["batch_size"] = 2 * SeriesLimits.BatchSizes,
        ["layer"] = SeriesLimits.Layers,
    };

    private readonly MetricRegistry _registry;
    private readonly ConditionalWeakTable<byte[], KeyValuePair<string, object?>[]> _tags = [];
    private readonly ConcurrentDictionary<string, int> _capacities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MeterScope> _scopes = new(StringComparer.Ordinal);
    private List<(MetricDescriptor Family, byte[] Labels, double Value)> _observed = [];

    /// <summary>Begins to note what histograms observe.</summary>
    /// <param name="registry">The registry.</param>
    public RegistryMeters(MetricRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _registry = registry;
        registry.OnObserved((family, series, value) => _observed.Add((family, series.Labels, value)));
    }

    /// <summary>Takes a snapshot, which the instruments tell from now on. One thread at a time.</summary>
    public void Refresh()
    {
        var observed = _observed;
        using var snapshot = _registry.Snapshot(() => (observed, _observed) = (_observed, []));
        var served = new HashSet<byte[]>(); // by reference, as arrays are compared
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (ref readonly var family in snapshot.Families)
        {
            if (Bridged.Contains(family.Descriptor.Name))
            {
                continue;
            }
            foreach (ref readonly var state in snapshot.Series(family))
            {
                var tags = Tags(family.Descriptor, state.Labels);
                var run = RunOf(tags);
                Scope(run, state.Labels, first: seen.Add(run)).Add(family.Descriptor, tags, state);
                if (family.Descriptor.Type == MetricType.Histogram)
                {
                    served.Add(state.Labels);
                }
            }
        }
        foreach (var name in _scopes.Keys.Where(name => !seen.Contains(name)).ToList())
        {
            _scopes.Remove(name, out var gone);
            gone!.Dispose();
        }
        foreach (var scope in _scopes.Values)
        {
            scope.Show();
        }
        foreach (var (family, labels, value) in observed.Where(observation => served.Contains(observation.Labels)))
        {
            var tags = Tags(family, labels);
            _scopes[RunOf(tags)].Record(family, tags, value);
        }
    }

    /// <summary>
    /// How many series an instrument of these meters may ever have, at most: what a listener must keep room for. Null
    /// for instruments of other meters.
    /// </summary>
    /// <param name="instrument">The instrument.</param>
    public int? Capacity(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        return
            instrument.Meter.Name.StartsWith(MeterName, StringComparison.Ordinal)
            && _capacities.TryGetValue(instrument.Name, out var capacity)
            ? capacity
            : null;
    }

    /// <summary>Takes the meters away.</summary>
    public void Dispose()
    {
        foreach (var scope in _scopes.Values)
        {
            scope.Dispose();
        }
        _scopes.Clear();
    }

    private static string RunOf(KeyValuePair<string, object?>[] tags) =>
        tags.Length > 0 && tags[0].Key == Run ? (string)tags[0].Value! : "";

    // A run that starts again under its name has new series: whoever listens must not take its counters for those of
    // the old one.
    private MeterScope Scope(string run, byte[] labels, bool first)
    {
        var known = _scopes.GetValueOrDefault(run);
        if (known is not null && (!first || run.Length == 0 || ReferenceEquals(known.Anchor, labels)))
        {
            return known;
        }
        known?.Dispose();
        return _scopes[run] = new MeterScope(run, labels, (name, family, bounds) =>
            _capacities[name] = CapacityOf(family, bounds)
        );
    }

    private static int CapacityOf(MetricDescriptor family, int bounds)
    {
        const int Unknown = 64;
        const int Max = 2000; // what OpenTelemetry keeps room for where nothing is said
        var product = (long)(bounds + 1);
        foreach (var label in family.Labels)
        {
            product = Math.Min(Max, product * Values.GetValueOrDefault(label, Unknown));
        }
        return (int)product;
    }

    private KeyValuePair<string, object?>[] Tags(MetricDescriptor family, byte[] labels) =>
        _tags.TryGetValue(labels, out var known)
            ? known
            : _tags.GetValue(labels, text =>
                [
                    .. family.Labels.Zip(LabelText.Values(text), (name, value) =>
                        new KeyValuePair<string, object?>(name, value)
                    ),
                ]
            );
}
