namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary><c>GET /runbooks/{alert}</c>: what to do about an alert, as the project's documentation has it.</summary>
internal static class RunbooksEndpoint
{
    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/runbooks/{alert}", (string alert) => Has(alert)
        ? Results.File(PathOf(alert), "text/plain; charset=utf-8")
        : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such runbook", detail: $"There is no runbook for '{alert}' here. GET /api/alerts lists the alerts that are active."));

    /// <summary>Where the runbook is, from the page: right at whatever address and port the monitor is reached. Null where there is none.</summary>
    internal static string? AddressOf(string alert) => Has(alert) ? $"runbooks/{alert}" : null;

    private static string ServedFolder { get; } = Path.Combine(AppContext.BaseDirectory, "monitoring", "runbooks");

    private static string PathOf(string alert) => Path.Combine(ServedFolder, $"{alert}.md");

    // Only letters reach the file system: every alert's name is made of them.
    private static bool Has(string alert) => alert.Length > 0 && alert.All(char.IsAsciiLetter) && File.Exists(PathOf(alert));
}
