using System.Diagnostics.CodeAnalysis;
using CurvatureMonitor.LivePage.Api;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CurvatureMonitor;

/// <summary>What the monitor serves over HTTP.</summary>
public static class CurvatureMonitorEndpoints
{
    /// <summary>
    /// Maps <c>/metrics</c> (Prometheus text or OpenMetrics, as the scraper asks), the live page at <c>/</c> with its
    /// API under <c>/api</c> and its event stream, and <c>/healthz</c>.
    /// </summary>
    /// <param name="endpoints">The endpoints of the program.</param>
    /// <param name="prefix">What all paths begin with, such as <c>/curvature</c>; nothing by default.</param>
    /// <returns>All of them, for conventions such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="InvalidOperationException">
    /// <see cref="CurvatureMonitorServices.AddCurvatureMonitor"/> was not called.
    /// </exception>
    public static IEndpointConventionBuilder MapCurvatureMonitor(
        this IEndpointRouteBuilder endpoints,
        [StringSyntax("Route")] string prefix = ""
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = endpoints.ServiceProvider;
        if (
            services.GetService<CurvatureMetrics>() is not { } metrics
            || services.GetService<IRunHistory>() is not { } history
        )
        {
            throw new InvalidOperationException(
                "The monitor is not there: call builder.Services.AddCurvatureMonitor() before "
                    + "app.MapCurvatureMonitor()."
            );
        }

        // From here on the meters of .NET and ASP.NET Core are served with the metrics.
        services.GetService<MeterBridge>();

        var group = endpoints.MapGroup(prefix);
        MetricsEndpoint.Map(group, metrics);
        group.MapLivePage(
            history,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping
        );
        return group;
    }
}
