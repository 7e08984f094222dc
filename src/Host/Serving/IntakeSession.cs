using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Monitoring;
using CurvatureMonitor.Host.Monitoring.Alerts;
using CurvatureMonitor.Host.Server;
using CurvatureMonitor.Intake.Folders;
using CurvatureMonitor.Intake.Http;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Journals;

namespace CurvatureMonitor.Host.Serving;

/// <summary>
/// A server of runs from outside: everything that <c>curvature serve</c> is, but for its command line.
/// </summary>
internal sealed class IntakeSession : IAsyncDisposable
{
    private readonly Resources _resources;
    private readonly MonitorSession _session;
    private readonly List<DirectoryWatch> _watches;
    private bool _stopped;

    private IntakeSession(
        Resources resources,
        MonitorSession session,
        IntakeService service,
        List<DirectoryWatch> watches
    )
    {
        _resources = resources;
        _session = session;
        Service = service;
        _watches = watches;
    }

    /// <summary>Where the live page is.</summary>
    internal Uri Address => _session.Address;

    /// <summary>Where alerts come from: nowhere, until a Prometheus is named.</summary>
    internal AlertSource Alerts => _session.Alerts;

    /// <summary>The runs.</summary>
    internal IntakeService Service { get; }

    /// <summary>Starts everything; nothing is left behind when it fails.</summary>
    /// <exception cref="Storage.BundleException">The data directory cannot be used.</exception>
    /// <exception cref="MonitorServerException">The server cannot listen there.</exception>
    internal static async Task<IntakeSession> StartAsync(IntakeSetup setup, CancellationToken cancellation)
    {
        var data = DataDirectory.Open(setup.DataDirectory);
        var journals = new RunJournals();
        var logs = setup.Logs ?? LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Warning));
        var resources = new Resources(data, journals, logs);
        var cluster = setup.Cluster is { } joined ? new HostCluster(joined, data, logs) : null;
        try
        {
            var service = new IntakeService(data, setup.Intake, journals, TimeProvider.System, setup.Notice)
            {
                IsInUse = cluster is null ? null : cluster.IsInUse,
                Inspector = setup.Inspector,
            };
            var session = await MonitorSession
                .StartAsync(
                    new MonitorSetup
                    {
                        Monitor = setup.Monitor,
                        Address = setup.Address,
                        Port = setup.Port,
                        Observers = [service, .. setup.Observers],
                        Logs = logs,
                        Journal = journals,
                        Endpoints = Map,
                        IsReady = () => service.IsReady,
                        GracePeriod = setup.Intake.GracePeriod,
                        Otlp = setup.Otlp,
                        Notice = setup.Notice,
                        Dispatchers = cluster is null ? null : cluster.Open,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            await service.RestoreAsync(session.Monitor, cancellation).ConfigureAwait(false);
            if (cluster is not null)
            {
                await cluster.BegunAsync(cancellation).ConfigureAwait(false);
                if (await cluster.CheckAsync(cancellation).ConfigureAwait(false) is { } unreachable)
                {
                    setup.Notice(unreachable);
                }
            }

            List<DirectoryWatch> watches =
            [
                .. setup.Watched.Select(folder => new DirectoryWatch(
                    folder,
                    service,
                    setup.Intake.PollInterval,
                    setup.Notice,
                    logs.CreateLogger<DirectoryWatch>()
                )),
            ];
            return new IntakeSession(resources, session, service, watches);

            void Map(IEndpointRouteBuilder routes)
            {
                IntakeEndpoints.Map(routes, service, setup.Token);
                JournalEndpoint.Map(routes, data.History);
                if (cluster is not null)
                {
                    BlobEndpoint.Map(routes, cluster, service, setup.Token);
                    ClusterStatusEndpoint.Map(routes, cluster);
                }
            }
        }
        catch
        {
            resources.Dispose();
            throw;
        }
    }

    /// <summary>Ends in order: what is finished is kept, what is not is gone on with after the next start.</summary>
    internal async Task StopAsync()
    {
        _stopped = true;
        _watches.ForEach(watch => watch.Dispose());
        _resources.Journals.BeginStop();
        await _session.StopAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await StopAsync().ConfigureAwait(false);
        }

        await _session.DisposeAsync().ConfigureAwait(false);
        _resources.Dispose();
    }

    /// <summary>What a session holds while it runs.</summary>
    private sealed record Resources(DataDirectory Data, RunJournals Journals, ILoggerFactory Logs) : IDisposable
    {
        public void Dispose()
        {
            Journals.Dispose();
            Logs.Dispose();
            Data.Dispose();
        }
    }
}
