using System.Buffers;
using System.Globalization;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Host.Monitoring.Otlp;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Runtime;
using CurvatureMonitor.Metrics.Tests.Support;
using OpenTelemetry.Exporter;

namespace CurvatureMonitor.Host.Tests.Monitoring.Otlp;

/// <summary>What a collector gets, beside what a scrape reads.</summary>
public sealed class OtlpPushTests
{
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Seldom = TimeSpan.FromHours(1);

    private readonly ManualClock _clock = new();
    private readonly List<string> _notices = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_that_is_scraped_is_pushed_with_the_same_names_labels_units_and_values(bool grpc)
    {
        await using var receiver = await OtlpReceiver.StartAsync(grpc);
        var metrics = new CurvatureMetrics(new CurvatureMetricsOptions { Version = "1.2.3" }, _clock);
        await using (Push(receiver, metrics, Seldom, grpc))
        {
            Scenario.Fill(metrics.StartRun(new RunDescription("first", "lenet", "sgd", "mnist", "f00d")));
            Scenario.Fill(metrics.StartRun(new RunDescription(Scenario.OddRunName, "mlp", "adam", "mnist")));
            metrics.AddActor("run");
            metrics.ReportMailboxDepth("curvature", 3);
            metrics.ReportNative(12, 4096);
        }

        var pushed = receiver.Requests[^1];
        Assert.Equal("curvature", pushed.Resource["service.name"]);
        Assert.Equal("here:9464", pushed.Resource["service.instance.id"]);
        Assert.Equal("1.2.3", pushed.Resource["service.version"]);
        Assert.Equal(Scraped(metrics), Pushed(pushed));
        Assert.All(
            pushed.Points.Where(point => point.Metric.StartsWith("curvature_", StringComparison.Ordinal)),
            point => AssertDescribed(point, metrics.Descriptors)
        );
        Assert.All(pushed.Points, point => Assert.DoesNotContain("otel.metric.overflow", point.Labels.Keys));
    }

    [Fact]
    public async Task The_meters_of_dotnet_come_under_their_own_names_and_not_twice()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var metrics = new CurvatureMetrics(null, _clock);
        using var bridge = new MeterBridge(metrics.Registry);
        await using (Push(receiver, metrics, Seldom)) { }

        var names = receiver.Requests[^1].Points.Select(point => point.Metric).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("dotnet.gc.collections", names);
        Assert.Contains("dotnet.process.memory.working_set", names);
        Assert.DoesNotContain(names, name =>
            name.StartsWith("dotnet_", StringComparison.Ordinal) || name.StartsWith("http_", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Series_of_a_finished_run_vanish_and_a_run_started_anew_begins_from_nothing()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var metrics = new CurvatureMetrics(
            new CurvatureMetricsOptions { GracePeriod = TimeSpan.FromMinutes(15) },
            _clock
        );
        await using var push = Push(receiver, metrics, Often);
        Scenario.Fill(metrics.StartRun(new RunDescription("ended")));
        var again = metrics.StartRun(new RunDescription("again"));
        again.JobEnded("spectrum", JobOutcome.Ok, TimeSpan.FromSeconds(1));
        await UntilAsync(receiver, request =>
            Runs(request).SetEquals(["ended", "again"]) && Jobs(request, "again") == 1
        );

        _clock.Advance(TimeSpan.FromMinutes(15));
        again = metrics.StartRun(new RunDescription("again"));
        again.JobEnded("spectrum", JobOutcome.Ok, TimeSpan.FromSeconds(3));
        again.JobEnded("spectrum", JobOutcome.Ok, TimeSpan.FromSeconds(4));
        await UntilAsync(receiver, request => Runs(request).SetEquals(["again"]) && Jobs(request, "again") == 2);
        var last = receiver.Requests[^1];
        var durations = last.Points.Single(point =>
            point.Kind == "histogram" && point.Metric == "curvature_job_duration_seconds"
        );
        Assert.Equal((7, 2ul), (durations.Value, durations.Counts.Aggregate(0ul, (sum, count) => sum + count)));
        Assert.Equal(Scraped(metrics), Pushed(last));
    }

    [Fact]
    public async Task Hundreds_of_short_runs_leave_nothing_behind()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var metrics = new CurvatureMetrics(new CurvatureMetricsOptions { GracePeriod = TimeSpan.Zero }, _clock);
        await using (Push(receiver, metrics, TimeSpan.FromMilliseconds(5)))
        {
            for (int i = 0; i < 300; i++)
            {
                metrics
                    .StartRun(new RunDescription(i.ToString(CultureInfo.InvariantCulture)))
                    .SetState(RunState.Finished);
                _clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(i % 10 == 0 ? 10 : 0);
            }

            Scenario.Fill(metrics.StartRun(new RunDescription("last")));
            metrics.StartRun(new RunDescription("stays"));
        }

        Assert.Equal(["stays"], Runs(receiver.Requests[^1]));
        Assert.Equal(Scraped(metrics), Pushed(receiver.Requests[^1]));
    }

    [Fact]
    public async Task A_collector_that_is_not_there_is_told_of_once_and_so_is_its_return()
    {
        int port = FreePort.Find();
        var metrics = new CurvatureMetrics(null, _clock);
        var push = new OtlpPush(
            new OtlpSettings(new Uri($"http://127.0.0.1:{port}/v1/metrics"), OtlpExportProtocol.HttpProtobuf, Often),
            metrics.Registry,
            "here:9464",
            "1",
            Notice
        );
        await using (push)
        {
            await Until.HoldsAsync(() => Notices().Count > 0);
            await Task.Delay(5 * Often);
            string notice = Assert.Single(Notices());
            Assert.StartsWith(
                $"metrics cannot be pushed to http://127.0.0.1:{port}/v1/metrics (",
                notice,
                StringComparison.Ordinal
            );
            Assert.Contains("refused", notice, StringComparison.OrdinalIgnoreCase);
            Assert.EndsWith("trying again every 0.1 s", notice, StringComparison.Ordinal);

            await using var receiver = await OtlpReceiver.StartAsync(port: port);
            await Until.HoldsAsync(() => Notices().Count == 2);
            Assert.Equal($"metrics reach http://127.0.0.1:{port}/v1/metrics again", Notices()[1]);
            receiver.Refusal = 400;
            await Until.HoldsAsync(() => Notices().Count == 3);
            Assert.Contains("(HTTP 400)", Notices()[2], StringComparison.Ordinal);
        }
    }

    private static HashSet<string> Runs(OtlpRequest request) =>
        [.. request.Points.Select(point => point.Labels.GetValueOrDefault("run")).OfType<string>()];

    private static double Jobs(OtlpRequest request, string run) =>
        request
            .Points.Where(point => point.Metric == "curvature_jobs_total" && point.Labels["run"] == run)
            .Sum(point => point.Value);

    private static Task UntilAsync(OtlpReceiver receiver, Func<OtlpRequest, bool> holds) =>
        Until.HoldsAsync(() => receiver.Requests is { Count: > 0 } requests && holds(requests[^1]));

    /// <summary>
    /// Samples of the catalogue as a scrape has them: histograms that nothing was observed in, which a push leaves out,
    /// are left out.
    /// </summary>
    private static SortedDictionary<string, double> Scraped(CurvatureMetrics metrics)
    {
        var text = new ArrayBufferWriter<byte>();
        metrics.Write(ExpositionFormat.OpenMetrics, text);
        var samples = OpenMetricsParser.Parse(text.WrittenSpan).SelectMany(family => family.Samples).ToList();
        var empty = samples
            .Where(sample => sample.Name == "curvature_job_duration_seconds_count" && sample.Value == 0)
            .Select(sample => (sample.Label("run"), sample.Label("analysis")))
            .ToHashSet();
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var sample in samples.Where(sample => sample.Name.StartsWith("curvature_", StringComparison.Ordinal)))
        {
            if (
                !sample.Name.StartsWith("curvature_job_duration", StringComparison.Ordinal)
                || !empty.Contains((sample.Label("run"), sample.Label("analysis")))
            )
            {
                values.Add(OtlpPoint.Identify(sample.Name, sample.Labels), sample.Value);
            }
        }

        return values;
    }

    /// <summary>
    /// Points of the catalogue as samples: a histogram's buckets are added up, as Prometheus has them.
    /// </summary>
    private static SortedDictionary<string, double> Pushed(OtlpRequest request)
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (
            var point in request.Points.Where(point => point.Metric.StartsWith("curvature_", StringComparison.Ordinal))
        )
        {
            if (point.Kind != "histogram")
            {
                values.Add(point.Identity, point.Value);
                continue;
            }

            var below = 0ul;
            for (int i = 0; i < point.Counts.Length; i++)
            {
                below += point.Counts[i];
                string le = i < point.Bounds.Length ? Bound(point.Bounds[i]) : "+Inf";
                values.Add(OtlpPoint.Identify(point.Metric + "_bucket", [.. point.Labels, new("le", le)]), below);
            }

            values.Add(OtlpPoint.Identify(point.Metric + "_count", point.Labels), below);
            values.Add(OtlpPoint.Identify(point.Metric + "_sum", point.Labels), point.Value);
        }

        return values;
    }

    private static string Bound(double bound) =>
        bound.ToString(bound == Math.Floor(bound) ? "0.0" : "R", CultureInfo.InvariantCulture);

    private static void AssertDescribed(OtlpPoint point, IReadOnlyList<MetricDescriptor> families)
    {
        var family = families.Single(family =>
            point.Metric == family.Name
            || (
                family.Type == MetricType.GaugeHistogram
                && point.Metric is var name
                && new[] { "_bucket", "_gcount", "_gsum" }.Any(suffix => name == family.Name + suffix)
            )
        );
        Assert.Equal(family.Help, point.Help);
        Assert.Equal(
            family.Unit switch
            {
                "seconds" => "s",
                "bytes" => "By",
                "ratio" => "1",
                "samples" => "{sample}",
                _ => "",
            },
            point.Unit
        );
        Assert.Equal(
            family.Type switch
            {
                MetricType.Counter => "counter",
                MetricType.Histogram => "histogram",
                _ => "gauge",
            },
            point.Kind
        );
        Assert.Equal(point.Labels.GetValueOrDefault("run", ""), point.Scope);
    }

    private OtlpPush Push(OtlpReceiver receiver, CurvatureMetrics metrics, TimeSpan interval, bool grpc = false)
    {
        var settings = new OtlpSettings(
            grpc ? receiver.Address : new Uri(receiver.Address, "/v1/metrics"),
            grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            interval
        );
        return new OtlpPush(settings, metrics.Registry, "here:9464", "1.2.3", Notice);
    }

    private void Notice(string line)
    {
        lock (_notices)
        {
            _notices.Add(line);
        }
    }

    private List<string> Notices()
    {
        lock (_notices)
        {
            return [.. _notices];
        }
    }
}
