using System.IO.Compression;
using System.Net;
using CurvatureMonitor.Host.Server;

namespace CurvatureMonitor.Host.Tests.Server;

/// <summary>What load balancers, orchestrators and scrapers ask.</summary>
public sealed class ProbeTests
{
    [Theory]
    [InlineData("/metrics")]
    [InlineData("/api/runs")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task HEAD_is_answered_as_GET_without_a_body(string path)
    {
        await using var served = await ServedHistory.StartAsync();
        using var whole = await served.Client.GetAsync(path);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var head = await served.Client.SendAsync(request);
        Assert.Equal(whole.StatusCode, head.StatusCode);
        Assert.Equal(whole.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        using var missing = await served.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/nowhere"));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_compressed_for_those_who_ask_and_for_nobody_else()
    {
        await using var served = await ServedHistory.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using var compressed = await served.Client.SendAsync(request);
        Assert.Equal(["gzip"], compressed.Content.Headers.ContentEncoding);
        await using var body = new GZipStream(
            await compressed.Content.ReadAsStreamAsync(),
            CompressionMode.Decompress
        );
        using var reader = new StreamReader(body);
        Assert.Contains("# TYPE curvature_", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        using var plain = await served.Client.GetAsync("/metrics");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_server_that_is_starting_lives_and_is_not_ready()
    {
        bool ready = false;
        await using var served = await ServedHistory.StartAsync(
            options: new MonitorServerOptions { IsReady = () => ready }
        );
        Assert.Equal("ok", await served.Client.GetStringAsync("/livez"));
        using (var starting = await served.Client.GetAsync("/readyz"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, starting.StatusCode);
        }

        ready = true;
        Assert.Equal("ok", await served.Client.GetStringAsync("/readyz"));
    }
}
