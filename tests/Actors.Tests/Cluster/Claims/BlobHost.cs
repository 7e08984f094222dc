using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Tests.Cluster.Claims;

/// <summary>A host that owns files, over real HTTP, and does to requests what a test asks for.</summary>
internal sealed class BlobHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BlobHost(WebApplication app) => _app = app;

    internal Uri Blobs { get; private set; } = null!;

    /// <summary>Where content is, by its hash.</summary>
    internal Func<string, string?> PathOf { get; set; } = _ => null;

    /// <summary>The hashes that were asked for, in order.</summary>
    internal ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Called with the number of the request, from 1: true where it has answered in its own way.</summary>
    internal Func<HttpContext, int, Task<bool>> Fault { get; set; } = (_, _) => Task.FromResult(false);

    internal static async Task<BlobHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var host = new BlobHost(app);
        app.MapGet("/api/blobs/{hash}", host.AnswerAsync);
        await app.StartAsync();
        host.Blobs = new Uri(new Uri(app.Urls.First()), "/api/blobs/");
        return host;
    }

    /// <summary>Sends the first bytes of what was asked for, and breaks the connection.</summary>
    internal async Task BreakAfterAsync(HttpContext context, int bytes)
    {
        byte[] content = await File.ReadAllBytesAsync(PathOf(Asked.Last())!);
        string range = context.Request.Headers.Range.ToString();
        int from = range.Length == 0 ? 0 : int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        if (from > 0)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(bytes, content.Length - from - 1)));
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, string hash)
    {
        Asked.Enqueue(hash);
        if (await Fault(context, Asked.Count))
        {
            return;
        }

        IResult result = PathOf(hash) is { } path
            ? Results.File(path, "application/octet-stream", enableRangeProcessing: true)
            : Results.NotFound();
        await result.ExecuteAsync(context);
    }
}
