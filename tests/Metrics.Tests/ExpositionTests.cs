using System.Buffers;
using System.Globalization;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class ExpositionTests
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(200);

    [Fact]
    public void OpenMetrics_read_back_by_an_independent_parser_holds_exactly_what_was_put_in() =>
        Prop.ForAll(RegistryModel.Generator.ToArbitrary(), model =>
            {
                var expected = model.Expected().ToList();
                var families = OpenMetricsParser.Parse(model.Build().Bytes(ExpositionFormat.OpenMetrics));
                Assert.Equal(expected, families.SelectMany(f => f.Samples.Select(s => (f.Name, Show(s)))));
                for (var i = 0; i < model.Families.Count; i++)
                {
                    var family = families.SingleOrDefault(f => f.Name == model.Families[i].Stem(i));
                    Assert.Equal(expected.Exists(e => e.Family == model.Families[i].Stem(i)), family is not null);
                    if (family is not null)
                    {
                        Assert.Equal(model.Families[i].Help, family.Help);
                        Assert.Equal(model.Families[i].Unit, family.Unit);
                        Assert.Equal(model.Families[i].Type.ToString(), family.Type, ignoreCase: true);
                    }
                }
            })
            .Check(Config);

    [Fact]
    public void Both_formats_show_the_same_series_with_the_same_label_text_and_values() =>
        Prop.ForAll(RegistryModel.Generator.ToArbitrary(), model =>
            {
                var registry = model.Build();
                var openMetrics = OpenMetricsParser
                    .Parse(registry.Bytes(ExpositionFormat.OpenMetrics))
                    .SelectMany(f => f.Samples);
                var text = TextParser.Parse(registry.Bytes(ExpositionFormat.Text)).SelectMany(f => f.Samples);
                Assert.Equal(
                    openMetrics.Select(s => $"{s.Identity} {s.ValueText}").Order(StringComparer.Ordinal),
                    text.Select(s => $"{s.Identity} {s.ValueText}").Order(StringComparer.Ordinal)
                );
            })
            .Check(Config);

    [Fact]
    public void OpenMetrics_looks_like_this()
    {
        var registry = Small();
        Assert.Equal(
            """
            # TYPE state gauge
            # HELP state A \"state\".
            state{run="a\"b\\c\nd"} NaN
            # TYPE jobs counter
            # HELP jobs Jobs.
            jobs_total 3
            # TYPE build info
            # HELP build Build.
            build_info{version="1"} 1
            # TYPE wait_seconds histogram
            # UNIT wait_seconds seconds
            # HELP wait_seconds Wait.
            wait_seconds_bucket{le="1e-05"} 0
            wait_seconds_bucket{le="1.0"} 1
            wait_seconds_bucket{le="+Inf"} 2
            wait_seconds_count 2
            wait_seconds_sum 2.5
            # TYPE spectrum gaugehistogram
            # HELP spectrum Spectrum.
            spectrum_bucket{run="r",le="-1.0"} 2
            spectrum_bucket{run="r",le="0.0"} 2
            spectrum_bucket{run="r",le="+Inf"} 5
            spectrum_gcount{run="r"} 5
            spectrum_gsum{run="r"} -0.5
            # EOF

            """,
            registry.Text(ExpositionFormat.OpenMetrics)
        );
    }

    [Fact]
    public void Text_looks_like_this()
    {
        var registry = Small();
        Assert.Equal(
            """
            # HELP state A "state".
            # TYPE state gauge
            state{run="a\"b\\c\nd"} NaN
            # HELP jobs_total Jobs.
            # TYPE jobs_total counter
            jobs_total 3
            # HELP build_info Build.
            # TYPE build_info gauge
            build_info{version="1"} 1
            # HELP wait_seconds Wait.
            # TYPE wait_seconds histogram
            wait_seconds_bucket{le="1e-05"} 0
            wait_seconds_bucket{le="1.0"} 1
            wait_seconds_bucket{le="+Inf"} 2
            wait_seconds_sum 2.5
            wait_seconds_count 2
            # HELP spectrum_bucket Spectrum.
            # TYPE spectrum_bucket untyped
            spectrum_bucket{run="r",le="-1.0"} 2
            spectrum_bucket{run="r",le="0.0"} 2
            spectrum_bucket{run="r",le="+Inf"} 5
            # HELP spectrum_gcount Spectrum.
            # TYPE spectrum_gcount untyped
            spectrum_gcount{run="r"} 5
            # HELP spectrum_gsum Spectrum.
            # TYPE spectrum_gsum untyped
            spectrum_gsum{run="r"} -0.5

            """,
            registry.Text(ExpositionFormat.Text)
        );
    }

    [Fact]
    public void An_empty_registry_is_valid_in_both_formats()
    {
        var registry = new MetricRegistry();
        registry.AddGauge("unset", "Never set.");
        Assert.Equal("# EOF\n", registry.Text(ExpositionFormat.OpenMetrics));
        Assert.Equal("", registry.Text(ExpositionFormat.Text));
    }

    [Fact]
    public void A_label_longer_than_the_buffer_survives()
    {
        var registry = new MetricRegistry();
        var value = string.Concat(Enumerable.Repeat("длинный \"label\" ", 4000));
        registry.AddGauge("long", "Long.", ["name"]).WithLabels(value).Set(1);
        Assert.Equal(value, registry.Scrape().Single().Samples.Single().Label("name"));
    }

    [Fact]
    public void A_scrape_allocates_the_same_few_bytes_however_many_series_there_are()
    {
        Assert.InRange(AllocatedBytes(runs: 4), 0, 1024);
        Assert.InRange(AllocatedBytes(runs: 100), 0, 1024);
    }

    private static long AllocatedBytes(int runs)
    {
        var metrics = new CurvatureMetrics();
        for (var i = 0; i < runs; i++)
        {
            Scenario.Fill(metrics.StartRun(new RunDescription(i.ToString(CultureInfo.InvariantCulture))));
        }
        var output = new ArrayBufferWriter<byte>(8 << 20);
        var least = long.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            output.ResetWrittenCount();
            var before = GC.GetAllocatedBytesForCurrentThread();
            metrics.Write(ExpositionFormat.OpenMetrics, output);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    private static string Show(Sample sample)
    {
        var le = sample.Label("le") is { } bound
            ? SampleLine.ParseNumber(bound).ToString("R", CultureInfo.InvariantCulture)
            : null;
        return RegistryModel.Show(
            sample.Name,
            sample.Labels.Where(l => l.Key != "le").Select(l => l.Value),
            le,
            sample.Value
        );
    }

    private static MetricRegistry Small()
    {
        var registry = new MetricRegistry();
        registry.AddGauge("state", "A \"state\".", ["run"]).WithLabels("a\"b\\c\nd").Set(double.NaN);
        registry.AddCounter("jobs_total", "Jobs.").WithLabels().Increment(3);
        registry.AddInfo("build_info", "Build.", ["version"]).WithLabels("1");
        var wait = registry.AddHistogram("wait_seconds", "Wait.", [1e-5, 1], unit: "seconds").WithLabels();
        wait.Observe(1);
        wait.Observe(1.5);
        registry.AddGaugeHistogram("spectrum", "Spectrum.", [-1, 0], ["run"]).WithLabels("r").Set([2, 2, 5], -0.5);
        return registry;
    }
}
