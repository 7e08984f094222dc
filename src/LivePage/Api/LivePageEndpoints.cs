using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.LivePage.Streaming;
using Microsoft.AspNetCore.Routing;

namespace CurvatureMonitor.LivePage.Api;

/// <summary>The page with everything that it asks for.</summary>
internal static class LivePageEndpoints
{
    /// <summary>Maps page, API and event stream.</summary>
    /// <param name="endpoints">The endpoints of the program.</param>
    /// <param name="history">What they show.</param>
    /// <param name="time">The clock of the heartbeats.</param>
    /// <param name="stopping">Ends the event streams.</param>
    /// <param name="options">Where the page is, and how its streams are kept; the defaults where null.</param>
    public static void MapLivePage(
        this IEndpointRouteBuilder endpoints,
        IRunHistory history,
        TimeProvider time,
        CancellationToken stopping,
        LivePageOptions? options = null
    )
    {
        options ??= new LivePageOptions();
        endpoints.MapPageFiles(options.Folder);
        endpoints.MapMonitorApi(history, new EventStream(history.Subscribe, options.Heartbeat, time, stopping));
    }
}
