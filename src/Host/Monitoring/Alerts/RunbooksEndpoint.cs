namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary><c>GET /runbooks/{alert}</c>: what to do about an alert, as the project's documentation has it.</summary>
internal static class RunbooksEndpoint
{
    // Nothing but the text and its own style.
    private const string ContentPolicy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/runbooks/{alert}", (HttpContext context, string alert) =>
        {
            if (!Has(alert))
            {
                return Results.Problem(
                    statusCode: StatusCodes.Status404NotFound,
                    title: "No such runbook",
                    detail: $"There is no runbook for '{alert}' here. GET /api/alerts lists the alerts that are active."
                );
            }

            // A browser says that it takes HTML; whoever does not has the file as it is.
            context.Response.Headers.Vary = "Accept";
            if (context.Request.GetTypedHeaders().Accept.All(accepted => accepted.MediaType != "text/html"))
            {
                return Results.File(PathOf(alert), "text/plain; charset=utf-8");
            }

            context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
            return Results.Text(RunbookPage.Render(alert, File.ReadAllText(PathOf(alert))), "text/html; charset=utf-8");
        });

    /// <summary>
    /// Where the runbook is, from the page: right at whatever address and port the monitor is reached. Null where there
    /// is none.
    /// </summary>
    internal static string? AddressOf(string alert) => Has(alert) ? $"runbooks/{alert}" : null;

    private static string ServedFolder { get; } = Path.Combine(AppContext.BaseDirectory, "monitoring", "runbooks");

    private static string PathOf(string alert) => Path.Combine(ServedFolder, $"{alert}.md");

    // Only letters reach the file system: every alert's name is made of them.
    private static bool Has(string alert) =>
        alert.Length > 0 && alert.All(char.IsAsciiLetter) && File.Exists(PathOf(alert));
}
