using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.LivePage.Streaming;
using CurvatureMonitor.Reports.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace CurvatureMonitor.LivePage.Api;

/// <summary>The JSON API and the event stream of the monitor.</summary>
internal static class MonitorApi
{
    /// <summary>
    /// Maps <c>/healthz</c>, <c>/api/runs</c>, <c>/api/runs/{run}/history</c>, <c>/api/runs/{run}/download</c> and
    /// <c>/api/events</c>.
    /// </summary>
    public static void MapMonitorApi(this IEndpointRouteBuilder endpoints, IRunHistory history, EventStream events)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok"));

        endpoints.MapGet("/api/runs", (HttpContext context) => Fresh(context, new RunList(history.Runs())));

        endpoints.MapGet("/api/runs/{run}/history", (HttpContext context, string run, long? after, int? limit) =>
        {
            string name = RunPath.NameIn(context.Features.Get<IHttpRequestFeature>()?.RawTarget, run);
            if (limit < 1)
            {
                return Results.Problem(
                    statusCode: StatusCodes.Status400BadRequest,
                    title: "No such page",
                    detail: $"limit={limit}: give a whole number of at least 1."
                );
            }

            return history.Find(name) is { } document
                ? Fresh(context, after is null && limit is null ? document : document.Page(after, limit))
                : NoSuchRun(name);
        });

        endpoints.MapGet("/api/runs/{run}/download", (HttpContext context, string run, string? format, string? table) =>
        {
            string name = RunPath.NameIn(context.Features.Get<IHttpRequestFeature>()?.RawTarget, run);
            return history.Find(name) is { } document ? File(context, document, format, table) : NoSuchRun(name);
        });

        endpoints.MapGet("/api/events", events.ServeAsync);
    }

    private static IResult NoSuchRun(string name) =>
        Results.Problem(
            statusCode: StatusCodes.Status404NotFound,
            title: "No such run",
            detail: $"No run is named '{name}' here. GET /api/runs lists the runs that are."
        );

    private static IResult File(HttpContext context, RunDocument document, string? format, string? table)
    {
        context.Response.Headers.CacheControl = "no-store";
        string run = document.Run.Run;
        switch (format, table)
        {
            case ("json", null):
                return Results.File(RunDownload.Json(document), "application/json", RunDownload.FileName(run, ".json"));
            case ("csv", null or "measurements"):
                return Results.File(
                    RunDownload.Csv(document, training: false),
                    "text/csv; charset=utf-8",
                    RunDownload.FileName(run, "-measurements.csv")
                );
            case ("csv", "training"):
                return Results.File(
                    RunDownload.Csv(document, training: true),
                    "text/csv; charset=utf-8",
                    RunDownload.FileName(run, "-training.csv")
                );
            case ("npz", null):
                var bytes = new MemoryStream();
                RunDownload.WriteNpz(document, bytes);
                return Results.File(bytes.ToArray(), "application/octet-stream", RunDownload.FileName(run, ".npz"));
            default:
                return Results.Problem(
                    statusCode: StatusCodes.Status400BadRequest,
                    title: "No such format",
                    detail: $"Ask for format=csv (with table=measurements or table=training), format=json or "
                        + $"format=npz, not '{format}'{(table is null ? "" : $" with table={table}")}."
                );
        }
    }

    private static IResult Fresh<T>(HttpContext context, T value)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(value, ReportJson.Options);
    }
}
