using System.Text.Json.Serialization.Metadata;

namespace CurvatureMonitor.Host.Http;

/// <summary>The JSON API and the event stream of the monitor.</summary>
internal static class MonitorApi
{
    /// <summary>Maps <c>/healthz</c>, <c>/api/runs</c>, <c>/api/runs/{run}/history</c> and <c>/api/events</c>.</summary>
    public static void MapMonitorApi(this IEndpointRouteBuilder endpoints, IRunHistory history, EventStream events)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok"));

        endpoints.MapGet("/api/runs", (HttpContext context) => Fresh(context, new RunList(history.Runs()), MonitorJson.Default.RunList));

        endpoints.MapGet("/api/runs/{run}/history", (HttpContext context, string run, long? after, int? limit) =>
        {
            string name = RunRoute.Name(context, run);
            if (limit < 1)
            {
                return Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "No such page", detail: $"limit={limit}: give a whole number of at least 1.");
            }

            return history.Find(name) is { } document
                ? Fresh(context, after is null && limit is null ? document : document.Page(after, limit), MonitorJson.Default.RunDocument)
                : Results.Problem(
                    statusCode: StatusCodes.Status404NotFound,
                    title: "No such run",
                    detail: $"No run is named '{name}' here. GET /api/runs lists the runs that are.");
        });

        endpoints.MapGet("/api/events", events.ServeAsync);
    }

    private static IResult Fresh<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(value, type);
    }
}
