using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Journals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace CurvatureMonitor.Intake.Http;

/// <summary><c>GET /api/runs/{run}/journal</c>: every line of a run's history as it is on disk, page by page.</summary>
internal static class JournalEndpoint
{
    private const int UsualLines = 1000;
    private const int MostLines = 10_000;

    /// <summary>Serves the journals of a folder.</summary>
    internal static void Map(IEndpointRouteBuilder endpoints, string folder) =>
        endpoints.MapGet("/api/runs/{run}/journal", (HttpContext context, string run, long? after, int? limit) =>
        {
            string name = RunPath.NameIn(context.Features.Get<IHttpRequestFeature>()?.RawTarget, run);
            string path = Path.Combine(folder, Uri.EscapeDataString(name) + RunJournal.Suffix);
            if (limit is < 1 or > MostLines)
            {
                return Wrong($"limit={limit}: give a whole number from 1 to {MostLines}.");
            }

            if (!File.Exists(path))
            {
                return Results.Problem(
                    statusCode: StatusCodes.Status404NotFound,
                    title: "No such history",
                    detail: $"No history of a run named '{name}' is on disk here."
                );
            }

            if (RunJournal.ReadPage(path, after ?? 0, limit ?? UsualLines) is not { } page)
            {
                return Wrong(
                    $"after={after}: no line begins there; go on where the page before says (the header Link), or "
                        + $"leave it out."
                );
            }

            // An empty page is the end as yet: a run that continues is followed by asking again.
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.Link =
                $"</api/runs/{Uri.EscapeDataString(name)}/journal?after={page.Next}&limit={limit ?? UsualLines}>; "
                + $"rel=\"next\"";
            return Results.Bytes(page.Lines, "application/x-ndjson");
        });

    private static IResult Wrong(string detail) =>
        Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: "No such page", detail: detail);
}
