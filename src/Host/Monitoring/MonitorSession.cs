using System.Net;
using System.Reflection;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Dispatch;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Host.Monitoring.Alerts;
using CurvatureMonitor.Host.Monitoring.Otlp;
using CurvatureMonitor.Metrics;
using CurvatureMonitor.Metrics.Runtime;

namespace CurvatureMonitor.Host.Monitoring;

/// <summary>The composition root of a monitoring process: metrics, history, actors and the HTTP server, started and stopped in order.</summary>
internal sealed class MonitorSession : IAsyncDisposable
{
    private readonly MonitorSystem _monitor;
    private readonly MonitorServer _server;
    private readonly MeterBridge _meters;
    private readonly OtlpPush? _push;

    private MonitorSession(MonitorSystem monitor, MonitorServer server, AlertSource alerts, MeterBridge meters, OtlpPush? push)
    {
        _push = push;
        _monitor = monitor;
        _server = server;
        _meters = meters;
        Alerts = alerts;
    }

    /// <summary>The actors.</summary>
    internal MonitorSystem Monitor => _monitor;

    /// <summary>Where alerts come from: nowhere, until a Prometheus is named.</summary>
    internal AlertSource Alerts { get; }

    /// <summary>Where the live page is.</summary>
    internal Uri Address => _server.Address;

    /// <summary>Starts everything; nothing is left behind when it fails.</summary>
    /// <param name="options">Settings of the monitor.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">The port to listen on; 0 takes a free one.</param>
    /// <param name="observers">Who else learns what the monitor sees.</param>
    /// <param name="logs">Where logs go.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="journal">Learns everything first; none where null.</param>
    /// <param name="endpoints">What else is served; nothing where null.</param>
    /// <param name="gracePeriod">How long metrics show a run after its end; the metrics' own choice where null.</param>
    /// <param name="otlp">Where metrics are pushed; nowhere where null.</param>
    /// <param name="notice">Told in one line what goes wrong with that.</param>
    /// <param name="dispatchers">Makes what jobs are given to, told where the server listens; the curvature actors of this process where null.</param>
    /// <exception cref="MonitorServerException">The server cannot listen there.</exception>
    internal static async Task<MonitorSession> StartAsync(
        MonitorOptions options, IPAddress address, int port, IEnumerable<IMonitorObserver> observers, ILoggerFactory logs, CancellationToken cancellation,
        IMonitorObserver? journal = null, Action<IEndpointRouteBuilder>? endpoints = null, TimeSpan? gracePeriod = null,
        OtlpSettings? otlp = null, Action<string>? notice = null, Func<Uri, IJobDispatcherFactory>? dispatchers = null)
    {
        var clock = TimeProvider.System;
        var metricsOptions = new CurvatureMetricsOptions { Version = Build.Version, Revision = Build.Revision };
        var metrics = new CurvatureMetrics(gracePeriod is { } period ? metricsOptions with { GracePeriod = period } : metricsOptions, clock);
        var meters = new MeterBridge(metrics.Registry);
        var history = new RunHistory(new RunHistoryOptions(), clock);
        var alerts = new AlertSource();
        var serverOptions = new MonitorServerOptions { Address = address, Port = port, MapEndpoints = Map };

        // The server first: a port that is taken must be known before training starts.
        var server = await MonitorServer.StartAsync(serverOptions, history, logs, clock, cancellation).ConfigureAwait(false);
        try
        {
            var monitor = new MonitorSystem(options, metrics, [new HistoryObserver(history), .. observers], logs, clock, journal: journal, dispatchers: dispatchers?.Invoke(server.Address));
            var push = otlp is null ? null : new OtlpPush(otlp, metrics.Registry, $"{Environment.MachineName}:{server.Address.Port}", Build.Version, notice ?? (_ => { }));
            return new MonitorSession(monitor, server, alerts, meters, push);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        void Map(IEndpointRouteBuilder routes)
        {
            MetricsEndpoint.Map(routes, metrics);
            AlertsEndpoint.Map(routes, alerts);
            RunbooksEndpoint.Map(routes);
            endpoints?.Invoke(routes);
        }
    }

    /// <summary>Starts a training and its monitoring.</summary>
    internal RunHandle StartTraining(TrainingRequest request) => _monitor.StartTraining(request);

    /// <summary>Ends all runs in order: no finished measurement is lost.</summary>
    internal Task StopAsync(TimeSpan grace) => _monitor.StopAsync(grace);

    public async ValueTask DisposeAsync()
    {
        await _monitor.DisposeAsync().ConfigureAwait(false);
        if (_push is not null)
        {
            await _push.DisposeAsync().ConfigureAwait(false);
        }

        await _server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        Alerts.Dispose();
        _meters.Dispose();
    }

    // Where the program was built from a repository, its revision follows the version after a plus sign.
    private static (string Version, string Revision) Build { get; } =
        (typeof(MonitorSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+') switch
        {
            [var version, var revision, ..] => (version, revision),
            var parts => (parts[0], "unknown"),
        };
}
