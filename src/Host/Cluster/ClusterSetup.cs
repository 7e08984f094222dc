using CurvatureMonitor.Actors.Cluster.Nodes;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>The cluster whose workers a host gives its jobs to.</summary>
internal sealed record ClusterSetup
{
    /// <summary>How the host takes part.</summary>
    public required NodeOptions Node { get; init; }

    /// <summary>This host's address as workers reach it; the one that it listens on where null.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>A folder that workers see under the same path; none where null.</summary>
    public string? SharedDirectory { get; init; }

    /// <summary>The kind of device that jobs ask for; that of the run where null.</summary>
    public string? DeviceKind { get; init; }
}
