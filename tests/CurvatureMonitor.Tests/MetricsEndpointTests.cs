using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace CurvatureMonitor.Tests;

public sealed class MetricsEndpointTests
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    [Theory]
    [InlineData(null, Text)]
    [InlineData("*/*", Text)]
    [InlineData("text/plain", Text)]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.5", Text)]
    public async Task The_format_is_the_one_that_the_scraper_asks_for(string? accept, string contentType)
    {
        var metrics = new CurvatureMetrics(new CurvatureMetricsOptions { Version = "1.2.3" });
        await using var served = await EmbeddedMonitor.StartAsync(
            app => app.MapCurvatureMonitor(),
            services => services.AddSingleton(metrics)
        );
        metrics.StartRun(new RunDescription("odd \"run\"", Model: "lenet"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await served.Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        Assert.Equal(contentType, response.Content.Headers.NonValidated["Content-Type"].ToString());
        Assert.Equal(["Accept"], response.Headers.Vary);
        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal(contentType == OpenMetrics, body.EndsWith("\n# EOF\n", StringComparison.Ordinal));
        Assert.Contains("curvature_build_info{version=\"1.2.3\"", body, StringComparison.Ordinal);
        Assert.Contains("run=\"odd \\\"run\\\"\"", body, StringComparison.Ordinal);
    }
}
