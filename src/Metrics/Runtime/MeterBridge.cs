using System.Diagnostics.Metrics;
using System.Globalization;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Runtime;

/// <summary>
/// Serves the meters of .NET and of ASP.NET Core with everything else, under the names that OpenTelemetry's rules give
/// them in Prometheus. Instruments that are observed are read at every scrape.
/// </summary>
public sealed class MeterBridge : IDisposable
{
    // What OpenTelemetry's conventions advise for durations of requests.
    private static readonly double[] Seconds =
    [
        0.005,
        0.01,
        0.025,
        0.05,
        0.075,
        0.1,
        0.25,
        0.5,
        0.75,
        1,
        2.5,
        5,
        7.5,
        10,
    ];

    private readonly MetricRegistry _registry;
    private readonly Dictionary<(string Meter, string Instrument), Target> _targets = [];
    private readonly MeterListener _listener;

    /// <summary>Registers the families and begins to listen.</summary>
    /// <param name="registry">Where they are served.</param>
    /// <exception cref="ArgumentException">The registry has such families already.</exception>
    public MeterBridge(MetricRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _registry = registry;
        foreach (var (meter, instruments) in BridgedInstruments.ByMeter)
        {
            foreach (var instrument in instruments)
            {
                _targets.Add((meter, instrument.Name), CreateTarget(instrument));
            }
        }

        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (_targets.TryGetValue((instrument.Meter.Name, instrument.Name), out var target))
                {
                    listener.EnableMeasurementEvents(instrument, target);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, target) => Report(instrument, value, tags, target)
        );
        _listener.SetMeasurementEventCallback<int>(
            (instrument, value, tags, target) => Report(instrument, value, tags, target)
        );
        _listener.SetMeasurementEventCallback<double>(Report);
        _listener.Start();
        registry.AddCollector(_listener.RecordObservableInstruments);
    }

    /// <summary>Listens no more; what was counted stays.</summary>
    public void Dispose() => _listener.Dispose();

    private Target CreateTarget(BridgedInstrument instrument) =>
        instrument.Type switch
        {
            MetricType.Counter => new CounterTarget(
                instrument,
                _registry.AddCounter(instrument.FamilyName, instrument.Help, instrument.Labels, instrument.BaseUnit)
            ),
            MetricType.Histogram => new HistogramTarget(
                instrument,
                _registry.AddHistogram(
                    instrument.FamilyName,
                    instrument.Help,
                    Seconds,
                    instrument.Labels,
                    instrument.BaseUnit
                )
            ),
            _ => new GaugeTarget(
                instrument,
                _registry.AddGauge(instrument.FamilyName, instrument.Help, instrument.Labels, instrument.BaseUnit)
            ),
        };

    private void Report(
        Instrument instrument,
        double value,
        ReadOnlySpan<KeyValuePair<string, object?>> tags,
        object? target
    )
    {
        if (target is Target known)
        {
            using var update = _registry.BeginUpdate();
            known.Report(value, known.Labels(tags), instrument.IsObservable);
        }
    }

    private abstract class Target(BridgedInstrument instrument)
    {
        public abstract void Report(double value, string[] labels, bool whole);

        /// <summary>
        /// One value a label; a tag that is not there is the empty text, which Prometheus takes for no label.
        /// </summary>
        public string[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = new string[instrument.Tags.Length];
            for (var i = 0; i < labels.Length; i++)
            {
                labels[i] = "";
                foreach (var (name, tag) in tags)
                {
                    labels[i] =
                        name == instrument.Tags[i]
                            ? Convert.ToString(tag, CultureInfo.InvariantCulture) ?? ""
                            : labels[i];
                }
            }
            return labels;
        }
    }

    private sealed class CounterTarget(BridgedInstrument instrument, MetricFamily<Counter> family) : Target(instrument)
    {
        private readonly Dictionary<Counter, double> _last = [];

        // An observed counter tells its whole, others what is added.
        public override void Report(double value, string[] labels, bool whole)
        {
            var counter = family.WithLabels(labels);
            var added = whole ? value - _last.GetValueOrDefault(counter) : value;
            if (whole)
            {
                _last[counter] = value;
            }
            counter.Increment(Math.Max(0, added));
        }
    }

    private sealed class GaugeTarget(BridgedInstrument instrument, MetricFamily<Gauge> family) : Target(instrument)
    {
        private readonly Dictionary<Gauge, double> _sums = [];

        public override void Report(double value, string[] labels, bool whole)
        {
            var gauge = family.WithLabels(labels);
            _sums[gauge] = whole ? value : _sums.GetValueOrDefault(gauge) + value;
            gauge.Set(_sums[gauge]);
        }
    }

    private sealed class HistogramTarget(BridgedInstrument instrument, MetricFamily<Histogram> family)
        : Target(instrument)
    {
        public override void Report(double value, string[] labels, bool whole) =>
            family.WithLabels(labels).Observe(value);
    }
}
