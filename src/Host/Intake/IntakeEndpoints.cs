namespace CurvatureMonitor.Host.Intake;

/// <summary>What trainers call over HTTP.</summary>
internal static class IntakeEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes, IntakeService service, string? token)
    {
        _ = (routes, service, token);
    }
}
