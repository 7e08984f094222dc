using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Host.Monitoring.Alerts;
using CurvatureMonitor.Host.Monitoring.Otlp;
using CurvatureMonitor.Host.Server;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Runtime;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor.Host.Monitoring;

/// <summary>
/// The composition root of a monitoring process: metrics, history, actors and the HTTP server, started and stopped in
/// order.
/// </summary>
internal sealed class MonitorSession : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly MonitorServer _server;
    private readonly MeterBridge _meters;
    private readonly OtlpPush? _push;

    private MonitorSession(IHost host, MonitorServer server, AlertSource alerts, MeterBridge meters, OtlpPush? push)
    {
        _push = push;
        _host = host;
        Monitor = host.Services.GetRequiredService<RunMonitor>();
        _server = server;
        _meters = meters;
        Alerts = alerts;
    }

    /// <summary>Starts runs.</summary>
    internal RunMonitor Monitor { get; }

    /// <summary>Where alerts come from: nowhere, until a Prometheus is named.</summary>
    internal AlertSource Alerts { get; }

    /// <summary>Where the live page is.</summary>
    internal Uri Address => _server.Address;

    /// <summary>Starts everything; nothing is left behind when it fails.</summary>
    /// <exception cref="MonitorServerException">The server cannot listen there.</exception>
    internal static async Task<MonitorSession> StartAsync(MonitorSetup setup, CancellationToken cancellation)
    {
        var clock = TimeProvider.System;
        var product = ProductVersion.OfMetrics;
        var metrics = new CurvatureMetrics(
            setup.GracePeriod is { } period ? product with { GracePeriod = period } : product,
            clock
        );
        var meters = new MeterBridge(metrics.Registry);
        var history = new RunHistory(new RunHistoryOptions(), clock);
        var alerts = new AlertSource();
        var serverOptions = new MonitorServerOptions
        {
            Address = setup.Address,
            Port = setup.Port,
            MapEndpoints = Map,
            IsReady = setup.IsReady,
        };

        // The server first: a port that is taken must be known before training starts.
        var server = await MonitorServer
            .StartAsync(serverOptions, metrics, history, setup.Logs, cancellation)
            .ConfigureAwait(false);
        try
        {
            var host = await StartHostAsync(setup, metrics, history, server.Address, cancellation)
                .ConfigureAwait(false);
            var push = setup.Otlp is null
                ? null
                : new OtlpPush(
                    setup.Otlp,
                    metrics.Registry,
                    $"{Environment.MachineName}:{server.Address.Port}",
                    ProductVersion.Version,
                    setup.Notice
                );
            return new MonitorSession(host, server, alerts, meters, push);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        void Map(IEndpointRouteBuilder routes)
        {
            AlertsEndpoint.Map(routes, alerts);
            RunbooksEndpoint.Map(routes);
            setup.Endpoints?.Invoke(routes);
        }
    }

    /// <summary>Starts a training and its monitoring.</summary>
    internal RunHandle StartTraining(TrainingRequest request) => Monitor.StartTraining(request);

    /// <summary>Ends all runs in order: no finished measurement is lost.</summary>
    internal Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync().ConfigureAwait(false);
        await ((IAsyncDisposable)_host).DisposeAsync().ConfigureAwait(false);
        if (_push is not null)
        {
            await _push.DisposeAsync().ConfigureAwait(false);
        }

        await _server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        Alerts.Dispose();
        _meters.Dispose();
    }

    private static async Task<IHost> StartHostAsync(
        MonitorSetup setup,
        CurvatureMetrics metrics,
        RunHistory history,
        Uri address,
        CancellationToken cancellation
    )
    {
        setup.Monitor.Validate();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(setup.Logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(metrics);
        builder.Services.AddSingleton(history);
        foreach (var observer in setup.Observers)
        {
            builder.Services.AddSingleton(observer);
        }

        if (setup.Journal is { } journal)
        {
            builder.Services.AddSingleton(journal);
        }

        if (setup.Dispatchers?.Invoke(address) is { } dispatchers)
        {
            builder.Services.AddSingleton(dispatchers);
        }

        builder.Services.AddSingleton(Options.Create(setup.Monitor));
        builder.Services.AddCurvatureMonitor();
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
