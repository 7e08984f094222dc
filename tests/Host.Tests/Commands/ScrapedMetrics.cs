using System.Diagnostics;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Host.Tests.Commands;

/// <summary>What a real Prometheus makes of the metrics of the demo.</summary>
internal static class ScrapedMetrics
{
    // What a real Prometheus asks for is answered in OpenMetrics; it takes the gaugehistogram with its negative bounds.
    internal static async Task AssertIngestedAsync(PrometheusServer prometheus)
    {
        await prometheus.UntilAsync("the spectrum is ingested", async () =>
            (await prometheus.QueryAsync("curvature_eigenvalues_bucket{operator=\"hessian\",le=\"-1.0\"}")).Count == 1
        );
        Assert.Equal(
            20_586,
            await prometheus.ScalarAsync("curvature_eigenvalues_gcount{run=\"demo\",operator=\"hessian\"}")
        );
        Assert.Equal(
            20_586,
            await prometheus.ScalarAsync("curvature_eigenvalues_bucket{run=\"demo\",operator=\"hessian\",le=\"+Inf\"}")
        );
        var metadata = (await prometheus.GetAsync("api/v1/targets/metadata?metric=curvature_eigenvalues"))
            .EnumerateArray()
            .Single();
        Assert.Equal("gaugehistogram", metadata.GetProperty("type").GetString());
        Assert.InRange(await prometheus.ScalarAsync("curvature_stability_ratio{run=\"demo\",kind=\"full\"}"), 0, 10);
    }

    internal static async Task AssertLintedAsync(string metrics)
    {
        using var promtool = Process.Start(
            new ProcessStartInfo("promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        string remarks = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0 && remarks.Length == 0, remarks);
    }
}
