using CurvatureMonitor.Intake.Http;
using CurvatureMonitor.Intake.Runs;
using Microsoft.Net.Http.Headers;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>
/// <c>GET /api/blobs/{sha256}</c>: the files of open jobs, by the hash of their content. Needs the same token as
/// trainers do.
/// </summary>
internal static class BlobEndpoint
{
    /// <summary>Where they are served, without the hash.</summary>
    internal const string Path = "api/blobs/";

    internal static void Map(IEndpointRouteBuilder routes, HostCluster cluster, IntakeService service, string? token)
    {
        var bearer = token is null ? null : new BearerToken(token);
        routes.MapMethods(
            "/" + Path + "{sha256}",
            [HttpMethods.Get, HttpMethods.Head],
            (HttpContext context, string sha256) => Answer(context, sha256, cluster, service, bearer)
        );
    }

    private static IResult Answer(
        HttpContext context,
        string sha256,
        HostCluster cluster,
        IntakeService service,
        BearerToken? bearer
    )
    {
        if (bearer?.IsShownBy(context.Request) == false)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new IntakeProblem(
                StatusCodes.Status401Unauthorized,
                "Token needed",
                "send the header 'Authorization: Bearer TOKEN' with the server's token"
            ).ToResult();
        }

        if (cluster.PathOf(sha256) is { } path && Open(path) is { } content)
        {
            context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
            return Results.Stream(
                content,
                "application/octet-stream",
                entityTag: new EntityTagHeaderValue($"\"{sha256}\""),
                enableRangeProcessing: true
            );
        }

        // A host that starts does not know yet what it will be asked for: a worker must not take that for the file's
        // end.
        return (
            service.IsReady
                ? new IntakeProblem(
                    StatusCodes.Status404NotFound,
                    "No such file",
                    "no open job names a file with this content"
                )
                : new IntakeProblem(
                    StatusCodes.Status503ServiceUnavailable,
                    "Not now",
                    "the server is starting: try again in a moment"
                )
        ).ToResult();
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 1,
                FileOptions.Asynchronous | FileOptions.SequentialScan
            );
        }
        catch (IOException)
        {
            // Removed just now.
            return null;
        }
    }
}
