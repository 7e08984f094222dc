using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class RegistryTests
{
    private readonly MetricRegistry _registry = new();

    [Theory]
    [InlineData("1_abc", MetricType.Gauge, null)] // starts with a digit
    [InlineData("a:b", MetricType.Gauge, null)] // colons are for recording rules
    [InlineData("a-b", MetricType.Gauge, null)]
    [InlineData("jobs", MetricType.Counter, null)] // no _total
    [InlineData("jobs_total", MetricType.Gauge, null)]
    [InlineData("_total", MetricType.Counter, null)]
    [InlineData("build", MetricType.Info, null)] // no _info
    [InlineData("wait_count", MetricType.Gauge, null)]
    [InlineData("wait_seconds", MetricType.Gauge, "bytes")] // another unit than the name says
    [InlineData("wait_ratio_low", MetricType.Gauge, "ratio")]
    [InlineData("build_info", MetricType.Info, "info")]
    public void A_name_that_breaks_a_rule_is_refused(string name, MetricType type, string? unit) =>
        Assert.Throws<ArgumentException>(() => new MetricDescriptor(name, type, "Help.", unit: unit));

    [Theory]
    [InlineData("le")]
    [InlineData("__name")]
    [InlineData("1a")]
    [InlineData("")]
    [InlineData("a:b")]
    public void A_label_name_that_is_reserved_or_malformed_is_refused(string label) =>
        Assert.Throws<ArgumentException>(() =>
            new MetricDescriptor("a", MetricType.Histogram, "Help.", [label], bounds: [1])
        );

    [Fact]
    public void A_label_named_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => new MetricDescriptor("a", MetricType.Gauge, "Help.", ["run", "run"]));

    [Fact]
    public void Bounds_must_be_finite_and_increasing_and_only_gauge_histograms_may_go_below_zero()
    {
        double[][] bad =
        [
            [],
            [2, 1],
            [1, 1],
            [1, double.PositiveInfinity],
            [double.NaN],
        ];
        Assert.All(bad, bounds =>
            Assert.Throws<ArgumentException>(() =>
                new MetricDescriptor("a", MetricType.GaugeHistogram, "Help.", bounds: bounds)
            )
        );
        Assert.Throws<ArgumentException>(() =>
            new MetricDescriptor("a", MetricType.Histogram, "Help.", bounds: [-1, 1])
        );
        Assert.Throws<ArgumentException>(() => new MetricDescriptor("a", MetricType.Gauge, "Help.", bounds: [1]));
        Assert.Equal([-1, 1], new MetricDescriptor("a", MetricType.GaugeHistogram, "Help.", bounds: [-1, 1]).Bounds);
    }

    [Fact]
    public void Two_families_of_one_name_are_refused_even_when_their_types_spell_it_differently()
    {
        _registry.AddGauge("jobs", "Jobs.");
        Assert.Throws<ArgumentException>(() => _registry.AddCounter("jobs_total", "Jobs."));
    }

    [Fact]
    public void A_gauge_without_a_value_has_no_sample()
    {
        var gauge = _registry.AddGauge("loss", "Loss.").WithLabels();
        Assert.Empty(_registry.Scrape());
        gauge.Set(0);
        Assert.Equal(0, _registry.Scrape().Single().Samples.Single().Value);
        gauge.Set(null);
        Assert.Empty(_registry.Scrape());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Counters_and_histograms_refuse_what_would_make_them_fall_or_lose_their_value(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _registry.AddCounter("a_total", "A.").WithLabels().Increment(value)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _registry.AddHistogram("b", "B.", [1]).WithLabels().Observe(value)
        );
    }

    [Fact]
    public void A_gauge_histogram_refuses_counts_that_are_not_cumulative()
    {
        var series = _registry.AddGaugeHistogram("spectrum", "Spectrum.", [0, 1]).WithLabels();
        Assert.Throws<ArgumentException>(() => series.Set([1, 2], 0));
        Assert.Throws<ArgumentException>(() => series.Set([2, 1, 3], 0));
        Assert.Throws<ArgumentException>(() => series.Set([-1, 1, 3], 0));
        Assert.Throws<ArgumentException>(() => series.Set([1, 2, 3], double.NaN));
        Assert.Empty(_registry.Scrape());
    }

    [Fact]
    public void Label_values_must_be_as_many_as_the_labels()
    {
        var family = _registry.AddGauge("a", "A.", ["x", "y"]);
        Assert.Throws<ArgumentException>(() => family.WithLabels("only one"));
        Assert.Same(family.WithLabels("1", "2"), family.WithLabels("1", "2"));
    }

    [Fact]
    public void A_removed_group_takes_its_own_series_and_no_others()
    {
        var family = _registry.AddGauge("a", "A.", ["run"]);
        var group = _registry.CreateGroup();
        group.Add(family, "mine").Set(1);
        family.WithLabels("other").Set(2);
        group.Remove();
        Assert.Equal("other", _registry.Scrape().Single().Samples.Single().Label("run"));

        family.WithLabels("mine").Set(3);
        group.Remove();
        group.Add(family, "mine").Set(4);
        Assert.Equal([2, 3], _registry.Scrape().Single().Samples.Select(s => s.Value));
    }

    [Fact]
    public void A_collector_runs_before_every_scrape_and_its_failure_fails_the_scrape()
    {
        var gauge = _registry.AddGauge("a", "A.").WithLabels();
        var scrapes = 0;
        _registry.AddCollector(() => gauge.Set(++scrapes));
        Assert.Equal(1, _registry.Scrape().Single().Samples.Single().Value);
        Assert.Equal(2, _registry.Scrape().Single().Samples.Single().Value);
        _registry.AddCollector(() => throw new InvalidOperationException("broken"));
        Assert.Throws<InvalidOperationException>(() => _registry.Scrape());
    }

    [Fact]
    public void A_disposed_snapshot_refuses_to_be_read_rather_than_showing_pooled_memory()
    {
        _registry.AddGauge("a", "A.").WithLabels().Set(1);
        var snapshot = _registry.Snapshot();
        Assert.Equal(1, snapshot.SeriesCount);
        snapshot.Dispose();
        snapshot.Dispose();
        Assert.Throws<ObjectDisposedException>(() =>
            Exposition.ExpositionWriter.Write(
                snapshot,
                Exposition.ExpositionFormat.Text,
                new System.Buffers.ArrayBufferWriter<byte>()
            )
        );
    }
}
