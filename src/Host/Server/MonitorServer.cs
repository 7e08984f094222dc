using System.Net;
using System.Net.Sockets;
using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Logging.Abstractions;

namespace CurvatureMonitor.Host.Server;

/// <summary>
/// The monitor's HTTP server: metrics, page, API and event stream, as any program maps them, and the endpoints that
/// others add.
/// </summary>
internal sealed class MonitorServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MonitorServer(WebApplication app, Uri address)
    {
        _app = app;
        Address = address;
    }

    /// <summary>Where the server listens, for example <c>http://127.0.0.1:9464/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Builds the server and starts to listen.</summary>
    /// <param name="options">Where to listen and what to add.</param>
    /// <param name="metrics">What <c>/metrics</c> tells.</param>
    /// <param name="history">What the page and the API show.</param>
    /// <param name="logs">Where the server logs; nowhere by default.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="MonitorServerException">The address or port cannot be listened on.</exception>
    public static async Task<MonitorServer> StartAsync(
        MonitorServerOptions options,
        CurvatureMetrics metrics,
        IRunHistory history,
        ILoggerFactory? logs = null,
        CancellationToken cancellationToken = default
    )
    {
        WebApplication app = Build(options, metrics, history, logs ?? NullLoggerFactory.Instance);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (Explain(exception, options) is { } line)
        {
            await app.DisposeAsync();
            throw new MonitorServerException(line, exception);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        IServerAddressesFeature addresses = app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()
            ?? throw new InvalidOperationException("The server does not say where it listens.");
        return new MonitorServer(app, new Uri(addresses.Addresses.First()));
    }

    /// <summary>
    /// Ends the event streams and stops listening; requests in flight are given
    /// <see cref="MonitorServerOptions.StopTimeout"/>.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <summary>Stops, where that was not done, and frees the port.</summary>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(
        MonitorServerOptions options,
        CurvatureMetrics metrics,
        IRunHistory history,
        ILoggerFactory logs
    )
    {
        // The content root is the program's own folder: files in the directory that the user happens to be in must not
        // configure or be served by the monitor.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "curvature", ContentRootPath = AppContext.BaseDirectory }
        );
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(options.Address, options.Port);
            });
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(metrics);
        builder.Services.AddSingleton(history);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddProblemDetails();
        builder.Services.AddResponseCompression(compression =>
        {
            compression.MimeTypes = Probes.Compressed;
            compression.Providers.Add<GzipCompressionProvider>();
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);

        WebApplication app = builder.Build();
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
        app.UseStatusCodePages();
        app.Use(
            static (context, next) =>
            {
                context.Response.Headers.XContentTypeOptions = "nosniff";
                return next(context);
            }
        );
        app.Use(Probes.HeadAsGet);
        app.UseResponseCompression();
        app.UseRouting();
        app.MapCurvatureMonitor();
        Probes.Map(app, options.IsReady);
        options.MapEndpoints?.Invoke(app);
        return app;
    }

    // What no endpoint answers itself. The handler logs it with its trace; the answer has the status and no detail.
    private static int StatusOf(Exception failure) =>
        failure is BadHttpRequestException bad ? bad.StatusCode
        : FailureClassifier.Classify(failure) == FailureKind.Stopping ? StatusCodes.Status503ServiceUnavailable
        : StatusCodes.Status500InternalServerError;

    private static string? Explain(Exception exception, MonitorServerOptions options)
    {
        var place = new IPEndPoint(options.Address, options.Port);
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return $"cannot listen on {place}: the port is taken by another program; stop it or choose another "
                        + $"port (0 takes a free one)";
                case SocketException { SocketErrorCode: SocketError.AccessDenied }:
                    return $"cannot listen on {place}: not permitted; choose a port above 1023";
                case SocketException { SocketErrorCode: SocketError.AddressNotAvailable }:
                    return $"cannot listen on {place}: this machine has no such address; 127.0.0.1 or 0.0.0.0 always "
                        + $"work";
            }
        }

        return null;
    }
}
