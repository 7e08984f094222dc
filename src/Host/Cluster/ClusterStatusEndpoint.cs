using Akka.Actor;
using CurvatureMonitor.Intake.Http;

namespace CurvatureMonitor.Host.Cluster;

/// <summary><c>GET /api/cluster</c>: this host, and the workers that it knows.</summary>
internal static class ClusterStatusEndpoint
{
    /// <summary>Where it is.</summary>
    internal const string Path = "api/cluster";

    internal static void Map(IEndpointRouteBuilder routes, HostCluster cluster) =>
        routes.MapGet(
            "/" + Path,
            async () =>
            {
                try
                {
                    return await cluster.ReportAsync().ConfigureAwait(false) is { } report
                        ? Results.Json(report, ClusterJson.Default.ClusterReport)
                        : Starting();
                }
                catch (AskTimeoutException)
                {
                    return Starting();
                }
            }
        );

    private static IResult Starting() =>
        new IntakeProblem(
            StatusCodes.Status503ServiceUnavailable,
            "Not now",
            "the server is starting or stopping: try again in a moment"
        ).ToResult();
}
