namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary><c>GET /runbooks/{alert}</c>: what to do about an alert, as the project's documentation has it.</summary>
internal static class RunbooksEndpoint
{
    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/runbooks/{alert}", (string alert) =>
    {
        // Only letters reach the file system: every alert's name is made of them.
        string path = Path.Combine(ServedFolder, $"{alert}.md");
        return alert.All(char.IsAsciiLetter) && File.Exists(path)
            ? Results.File(path, "text/plain; charset=utf-8")
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such runbook", detail: $"There is no runbook for '{alert}' here. GET /api/alerts lists the alerts that are active.");
    });

    private static string ServedFolder { get; } = Path.Combine(AppContext.BaseDirectory, "monitoring", "runbooks");
}
