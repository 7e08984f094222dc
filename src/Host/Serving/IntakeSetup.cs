using System.Net;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Monitoring.Otlp;
using CurvatureMonitor.Intake.Runs;

namespace CurvatureMonitor.Host.Serving;

/// <summary>What a server of runs from outside is started with.</summary>
internal sealed record IntakeSetup
{
    /// <summary>Where histories and received checkpoints are kept.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The folders that are watched.</summary>
    public IReadOnlyList<string> Watched { get; init; } = [];

    /// <summary>How runs are measured and kept.</summary>
    public IntakeOptions Intake { get; init; } = new();

    /// <summary>Settings of the monitor.</summary>
    public MonitorOptions Monitor { get; init; } = new();

    /// <summary>The address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>What trainers must show; nothing where null.</summary>
    public string? Token { get; init; }

    /// <summary>The cluster whose workers measure; this process measures where null.</summary>
    public ClusterSetup? Cluster { get; init; }

    /// <summary>Opens bundles where workers measure; this process opens them where null.</summary>
    public IBundleInspector? Inspector { get; init; }

    /// <summary>Where logs go; nowhere where null.</summary>
    public ILoggerFactory? Logs { get; init; }

    /// <summary>Who else learns what the monitor sees.</summary>
    public IReadOnlyList<IMonitorObserver> Observers { get; init; } = [];

    /// <summary>Where metrics are pushed; nowhere where null.</summary>
    public OtlpSettings? Otlp { get; init; }

    /// <summary>Told what is wrong with runs from outside, in one line each.</summary>
    public Action<string> Notice { get; init; } = _ => { };
}
