using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CurvatureMonitor.LivePage.Streaming;

/// <summary>
/// Writes a subscription to a client as server-sent events (WHATWG HTML, section 9.2): frames as they come, a comment
/// when none came for a while. A <c>Last-Event-ID</c> is accepted and not acted on: a client that comes back reads the
/// history again, which holds more than any replay could.
/// </summary>
internal sealed class EventStream(
    Func<EventSubscription> subscribe,
    TimeSpan heartbeat,
    TimeProvider clock,
    CancellationToken stopping
)
{
    // The comment makes the headers leave at once; the client learns that it is connected before anything happens.
    private static readonly ReadOnlyMemory<byte> Opening = Encoding.UTF8.GetBytes("retry: 2000\n: connected\n\n");
    private static readonly ReadOnlyMemory<byte> Heartbeat = Encoding.UTF8.GetBytes(": heartbeat\n\n");

    /// <summary>Serves one client until it leaves, is dropped as too slow, or the server stops.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";

        using EventSubscription subscription = subscribe();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            stopping,
            subscription.Dropped
        );
        try
        {
            await WriteAsync(context.Response.BodyWriter, subscription, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Ended by the client, the server or the hub: told apart below.
        }

        if (subscription.Dropped.IsCancellationRequested)
        {
            // What is still in the client's buffers is stale; a broken connection makes it come back.
            context.Abort();
        }
    }

    private async Task WriteAsync(PipeWriter body, EventSubscription subscription, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Opening, cancellationToken);
        Task<bool> waiting = subscription.Frames.WaitToReadAsync(cancellationToken).AsTask();
        while (true)
        {
            try
            {
                if (!await waiting.WaitAsync(heartbeat, clock, cancellationToken))
                {
                    return;
                }
            }
            catch (TimeoutException)
            {
                await body.WriteAsync(Heartbeat, cancellationToken);
                continue;
            }

            while (subscription.Frames.TryRead(out ReadOnlyMemory<byte> frame))
            {
                await body.WriteAsync(frame, cancellationToken);
            }

            waiting = subscription.Frames.WaitToReadAsync(cancellationToken).AsTask();
        }
    }
}
