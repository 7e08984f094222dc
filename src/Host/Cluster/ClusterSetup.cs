using CurvatureMonitor.Cluster.Connection;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>The cluster that a host gives its jobs to.</summary>
internal sealed record ClusterSetup
{
    /// <summary>The broker.</summary>
    public required BrokerAddress Address { get; init; }

    /// <summary>This host's address as workers reach it; the one that it listens on where null.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>A folder that workers see under the same path; none where null.</summary>
    public string? SharedDirectory { get; init; }

    /// <summary>The kind of device that jobs ask for; that of the run where null.</summary>
    public string? DeviceKind { get; init; }
}
