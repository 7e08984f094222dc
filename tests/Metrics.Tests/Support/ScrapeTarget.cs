using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using CurvatureMonitor.Metrics.Exposition;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>
/// Serves metrics at /metrics on a free port of 127.0.0.1, in the format that the Accept header asks for, and notes
/// what was asked.
/// </summary>
internal sealed class ScrapeTarget : IDisposable
{
    private readonly CurvatureMetrics _metrics;
    private readonly HttpListener _listener;
    private readonly Task _loop;

    public ScrapeTarget(CurvatureMetrics metrics)
    {
        _metrics = metrics;
        (_listener, Port) = Listen();
        _loop = ServeAsync();
    }

    public int Port { get; }

    public ConcurrentQueue<(string? Accept, ExpositionFormat Format)> Scrapes { get; } = new();

    public void Dispose()
    {
        _listener.Close();
        _loop.Wait(TimeSpan.FromSeconds(10));
    }

    private static (HttpListener Listener, int Port) Listen()
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = FreePort.Find();
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                // Someone else took the port in between.
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var accept = context.Request.Headers["Accept"];
            var format = ExpositionFormat.Negotiate(accept);
            Scrapes.Enqueue((accept, format));
            var body = new ArrayBufferWriter<byte>();
            _metrics.Write(format, body);
            context.Response.ContentType = format.ContentType;
            context.Response.Close(body.WrittenSpan.ToArray(), willBlock: false);
        }
    }
}
