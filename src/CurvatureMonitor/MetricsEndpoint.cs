using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Exposition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace CurvatureMonitor;

/// <summary><c>GET /metrics</c>: Prometheus text or OpenMetrics, as the scraper asks.</summary>
internal static class MetricsEndpoint
{
    internal static void Map(IEndpointRouteBuilder endpoints, CurvatureMetrics metrics) =>
        endpoints.MapGet("/metrics", async context =>
        {
            var format = ExpositionFormat.Negotiate(context.Request.Headers.Accept);
            context.Response.ContentType = format.ContentType;
            context.Response.Headers.Vary = "Accept";
            metrics.Write(format, context.Response.BodyWriter);
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        });
}
