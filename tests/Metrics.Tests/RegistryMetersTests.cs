using System.Diagnostics.Metrics;
using System.Text;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Runtime;
using CurvatureMonitor.Metrics.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Metrics.Tests;

/// <summary>
/// The registry as somebody sees it who listens to the meters of .NET. A collector's view of it is tested with the
/// host.
/// </summary>
public sealed class RegistryMetersTests
{
    [Fact]
    public void Label_values_are_read_back_from_their_text() =>
        Prop.ForAll(Gen.ArrayOf(Generators.Text).Select(values => values.Take(4).ToArray()).ToArbitrary(), values =>
            {
                string[] names = [.. values.Select((_, i) => $"label_{i}")];
                string text = LabelText.Build(names, values);
                var read = LabelText.Values(Encoding.UTF8.GetBytes(text));
                Assert.Equal(values.Length, read.Length);
                Assert.Equal(text, LabelText.Build(names, read));
                Assert.All(values.Zip(read).Where(pair => !pair.First.Any(c => c == 0 || char.IsSurrogate(c))), pair =>
                    Assert.Equal(pair.First, pair.Second)
                );
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Instruments_tell_what_the_last_refresh_saw_and_nothing_that_is_gone()
    {
        var registry = new MetricRegistry();
        var gauge = registry.AddGauge("curvature_loss", "Loss.", ["run"]).WithLabels("r");
        var counter = registry.AddCounter("curvature_jobs_total", "Jobs.").WithLabels();
        using var meters = new RegistryMeters(registry);
        gauge.Set(1);
        meters.Refresh();
        gauge.Set(2);
        counter.Increment();
        Assert.Equal(["curvature_jobs_total=0", "curvature_loss=1"], Read());
        meters.Refresh();
        Assert.Equal(["curvature_jobs_total=1", "curvature_loss=2"], Read());
        gauge.Set(null);
        meters.Refresh();
        Assert.Equal(["curvature_jobs_total=1"], Read());
    }

    [Fact]
    public async Task Histograms_lose_no_observation_and_count_none_twice_however_many_report_at_once()
    {
        const int Reporters = 3;
        const int Observations = 2000;
        var registry = new MetricRegistry();
        var histogram = registry.AddHistogram("curvature_wait_seconds", "Wait.", [1], unit: "seconds").WithLabels();
        using var meters = new RegistryMeters(registry);
        var total = 0.0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "curvature_wait_seconds")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => total += value);
        listener.Start();
        var reporters = Enumerable
            .Range(0, Reporters)
            .Select(_ =>
                Task.Run(() =>
                {
                    for (var i = 0; i < Observations; i++)
                    {
                        histogram.Observe(1);
                    }
                })
            )
            .ToArray();
        while (!Array.TrueForAll(reporters, reporter => reporter.IsCompleted))
        {
            meters.Refresh();
        }

        await Task.WhenAll(reporters);
        meters.Refresh();
        Assert.Equal(Reporters * Observations, total);
    }

    private static string[] Read()
    {
        var read = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name is "curvature_loss" or "curvature_jobs_total")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (instrument, value, _, _) => read.Add($"{instrument.Name}={value}")
        );
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. read.Order(StringComparer.Ordinal)];
    }
}
