using System.Net;
using CurvatureMonitor.Actors.Jobs;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Host.Monitoring.Otlp;

namespace CurvatureMonitor.Host.Monitoring;

/// <summary>What a monitor with its server is started with.</summary>
internal sealed record MonitorSetup
{
    /// <summary>Settings of the monitor.</summary>
    public MonitorOptions Monitor { get; init; } = new();

    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Who else learns what the monitor sees.</summary>
    public IReadOnlyList<IMonitorObserver> Observers { get; init; } = [];

    /// <summary>Where logs go.</summary>
    public required ILoggerFactory Logs { get; init; }

    /// <summary>Learns everything first; none where null.</summary>
    public IMonitorJournal? Journal { get; init; }

    /// <summary>What else is served; nothing where null.</summary>
    public Action<IEndpointRouteBuilder>? Endpoints { get; init; }

    /// <summary>Whether runs can be started, for <c>/readyz</c>; always where null.</summary>
    public Func<bool>? IsReady { get; init; }

    /// <summary>How long metrics show a run after its end; the metrics' own choice where null.</summary>
    public TimeSpan? GracePeriod { get; init; }

    /// <summary>Where metrics are pushed; nowhere where null.</summary>
    public OtlpSettings? Otlp { get; init; }

    /// <summary>Told in one line what goes wrong with that.</summary>
    public Action<string> Notice { get; init; } = _ => { };

    /// <summary>
    /// Makes what jobs are given to, told where the server listens; the curvature actors of this process where null.
    /// </summary>
    public Func<Uri, IJobDispatcherFactory>? Dispatchers { get; init; }
}
