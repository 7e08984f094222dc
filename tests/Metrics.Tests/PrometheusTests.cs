using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics.Exposition;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class PrometheusTests
{
    [Fact]
    public async Task A_real_Prometheus_ingests_everything_and_forgets_a_run_that_is_dropped()
    {
        var clock = new ManualClock();
        var metrics = Scenario.Full(clock);
        metrics.StartRun(new RunDescription("running")).Apply(Scenario.Progressed(1, 1));
        using var target = new ScrapeTarget(metrics);
        using var prometheus = new PrometheusServer(target.Port);

        await prometheus.UntilAsync("the target is up", async () =>
            (await prometheus.QueryAsync("up == 1")).Count == 1
        );
        await prometheus.UntilAsync("the scrape is ingested", async () =>
            (await prometheus.QueryAsync("curvature_build_info")).Count == 1
        );

        // What it asks for is answered in OpenMetrics.
        Assert.All(target.Scrapes, scrape =>
            Assert.Contains("application/openmetrics-text", scrape.Accept, StringComparison.Ordinal)
        );
        Assert.All(target.Scrapes, scrape => Assert.Same(ExpositionFormat.OpenMetrics, scrape.Format));

        await CheckEverySampleAsync(prometheus, metrics);
        await CheckSpectrumAsync(prometheus);
        await CheckMetadataAsync(prometheus);

        // A run that was dropped is marked stale at the next scrape, minutes before Prometheus would give it up by
        // itself.
        clock.Advance(TimeSpan.FromMinutes(15));
        await prometheus.UntilAsync("the dropped run is gone", async () =>
            (await prometheus.QueryAsync("""{run="first"}""")).Count == 0
        );
        Assert.Single(await prometheus.QueryAsync("""curvature_training_step{run="running"}"""));
        Assert.Equal(
            5,
            await prometheus.ScalarAsync("""last_over_time(curvature_lambda_max{run="first",operator="hessian"}[5m])""")
        );
    }

    // Every sample is there with its labels, odd ones included, and with its value.
    private static async Task CheckEverySampleAsync(PrometheusServer prometheus, CurvatureMetrics metrics)
    {
        var ingested = await prometheus.QueryAsync("""{__name__=~"curvature_.*"}""");
        var actual = ingested.Select(s =>
            Show(s.Labels["__name__"], s.Labels.Where(l => l.Key is not ("__name__" or "job" or "instance")), s.Value)
        );
        // An empty label is no label.
        var expected = metrics.Samples().Select(s => Show(s.Name, s.Labels.Where(l => l.Value.Length > 0), s.Value));
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        Assert.Contains(ingested, s => s.Labels.TryGetValue("run", out var run) && run == Scenario.OddRunName);
    }

    private static async Task CheckSpectrumAsync(PrometheusServer prometheus)
    {
        const string run = "run=\"first\",operator=\"hessian\"";
        Assert.Equal(36, await prometheus.ScalarAsync($"count(curvature_eigenvalues_bucket{{{run}}})"));
        Assert.Equal(100, await prometheus.ScalarAsync($"curvature_eigenvalues_bucket{{{run},le=\"-0.1\"}}"));
        Assert.Equal(400, await prometheus.ScalarAsync($"curvature_eigenvalues_bucket{{{run},le=\"0.0\"}}"));
        Assert.Equal(1000, await prometheus.ScalarAsync($"curvature_eigenvalues_gcount{{{run}}}"));
        Assert.Equal(793, await prometheus.ScalarAsync($"curvature_eigenvalues_gsum{{{run}}}"), 9);

        // Rank 250 of 1000 is the middle of the 300 eigenvalues in (-0.1, -0.0316]; rank 900 that of the 200 in (3.16,
        // 10].
        Assert.Equal(
            (-0.1 - 0.0316) / 2,
            await prometheus.ScalarAsync($"histogram_quantile(0.25, curvature_eigenvalues_bucket{{{run}}})"),
            9
        );
        Assert.Equal(
            (3.16 + 10) / 2,
            await prometheus.ScalarAsync($"histogram_quantile(0.9, curvature_eigenvalues_bucket{{{run}}})"),
            9
        );
    }

    private static async Task CheckMetadataAsync(PrometheusServer prometheus)
    {
        await AssertMetadataAsync(prometheus, "curvature_eigenvalues", "gaugehistogram", "");
        await AssertMetadataAsync(prometheus, "curvature_jobs", "counter", "");
        await AssertMetadataAsync(prometheus, "curvature_run", "info", "");
        await AssertMetadataAsync(prometheus, "curvature_job_duration_seconds", "histogram", "seconds");
        await AssertMetadataAsync(prometheus, "curvature_stability_ratio", "gauge", "ratio");
    }

    private static async Task AssertMetadataAsync(PrometheusServer prometheus, string name, string type, string unit)
    {
        var metadata = (await prometheus.GetAsync($"api/v1/targets/metadata?metric={name}")).EnumerateArray().Single();
        Assert.Equal(type, metadata.GetProperty("type").GetString());
        Assert.Equal(unit, metadata.GetProperty("unit").GetString());
        Assert.NotEqual("", metadata.GetProperty("help").GetString());
    }

    private static string Show(string name, IEnumerable<KeyValuePair<string, string>> labels, double value)
    {
        var sorted = labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}");
        return $"{name}{{{string.Join(",", sorted)}}} {value:R}";
    }
}
