using System.Text.Json;

namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary>
/// <c>GET /api/alerts</c>: the alerts of the Prometheus that watches this monitor; an empty list where there is none.
/// </summary>
internal static class AlertsEndpoint
{
    internal static void Map(IEndpointRouteBuilder endpoints, AlertSource source) =>
        endpoints.MapGet("/api/alerts", async (HttpContext context) =>
        {
            context.Response.Headers.CacheControl = "no-store";
            try
            {
                var alerts = await source.AlertsAsync(context.RequestAborted).ConfigureAwait(false);

                // Our own runbooks are read here, wherever the rules' annotations say that the monitor is.
                return Results.Json(
                    [
                        .. alerts.Select(alert =>
                            alert with
                            {
                                RunbookUrl = RunbooksEndpoint.AddressOf(alert.Name) ?? alert.RunbookUrl,
                            }
                        ),
                    ],
                    AlertJson.Default.IReadOnlyListAlertPoint
                );
            }
            catch (Exception failure)
                when (failure is HttpRequestException or JsonException or TaskCanceledException
                    && !context.RequestAborted.IsCancellationRequested
                )
            {
                return Results.Problem(
                    statusCode: StatusCodes.Status502BadGateway,
                    title: "No alerts",
                    detail: $"Prometheus at {source.Prometheus} does not tell its alerts: {failure.Message}"
                );
            }
        });
}
