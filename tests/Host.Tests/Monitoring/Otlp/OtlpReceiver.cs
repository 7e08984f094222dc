using System.Buffers.Binary;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CurvatureMonitor.Host.Tests.Monitoring.Otlp;

/// <summary>A collector of our own: takes pushes over HTTP or gRPC and keeps what they say.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const string GrpcPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    private readonly WebApplication _app;
    private readonly List<OtlpRequest> _requests = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Requests are refused with this status while it is set.</summary>
    public int? Refusal { get; set; }

    public IReadOnlyList<OtlpRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<OtlpReceiver> StartAsync(bool grpc = false, int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(IPAddress.Loopback, port, listen =>
                    listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1
                )
            );
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(grpc ? receiver.TakeGrpcAsync : receiver.TakeHttpAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private async Task TakeHttpAsync(HttpContext context)
    {
        byte[] body = await ReadAsync(context);
        bool expected =
            context.Request is { Method: "POST", Path.Value: "/v1/metrics", ContentType: "application/x-protobuf" };
        context.Response.StatusCode = expected ? Refusal ?? 200 : 404;
        if (context.Response.StatusCode == 200)
        {
            Keep(body);
        }
    }

    // One message: a flag that it is not compressed, its length, the message. The answer is an empty one, and the
    // status follows it.
    private async Task TakeGrpcAsync(HttpContext context)
    {
        byte[] body = await ReadAsync(context);
        Assert.Equal(GrpcPath, context.Request.Path.Value);
        Assert.Equal(0, body[0]);
        Assert.Equal((uint)body.Length - 5, BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)));
        Keep(body[5..]);
        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void Keep(byte[] body)
    {
        var request = OtlpRequest.Parse(body);
        lock (_requests)
        {
            _requests.Add(request);
        }
    }
}
