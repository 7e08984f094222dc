namespace CurvatureMonitor.Host.Server;

/// <summary>What load balancers, orchestrators and scrapers ask of any server.</summary>
internal static class Probes
{
    private const string Events = "/api/events";

    /// <summary>What is worth to be compressed; the stream of events is not, since each must come at once.</summary>
    internal static readonly string[] Compressed =
    [
        "text/plain",
        "application/openmetrics-text",
        "application/json",
        "application/problem+json",
        "text/csv",
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "image/svg+xml",
    ];

    /// <summary><c>/livez</c>: the process answers. <c>/readyz</c>: it can work.</summary>
    internal static void Map(IEndpointRouteBuilder routes, Func<bool>? isReady)
    {
        routes.MapGet("/livez", () => Results.Text("ok"));
        routes.MapGet(
            "/readyz",
            () =>
                isReady?.Invoke() == false
                    ? Results.Text("starting", statusCode: StatusCodes.Status503ServiceUnavailable)
                    : Results.Text("ok")
        );
    }

    /// <summary>Answers HEAD as GET, without the body.</summary>
    internal static Task HeadAsGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method) && !context.Request.Path.StartsWithSegments(Events))
        {
            context.Request.Method = HttpMethods.Get;
            context.Response.Body = Stream.Null;
        }

        return next(context);
    }
}
