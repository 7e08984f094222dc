using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Cluster.Nodes;

namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>How a host gives its jobs to the workers of a cluster.</summary>
public sealed record ClusterHostOptions
{
    /// <summary>How it takes part in the cluster.</summary>
    public required NodeOptions Node { get; init; }

    /// <summary>
    /// What tells this host's answers from those of others: the id of its data directory, so that a host that is
    /// restarted, or that takes the directory over, gets what workers keep for it. Letters, digits, hyphens and
    /// underscores.
    /// </summary>
    public required string Instance { get; init; }

    /// <summary>Lays out the files of jobs.</summary>
    public required IClaimSource Claims { get; init; }

    /// <summary>The kind of device that jobs ask for: <c>cpu</c> or <c>cuda</c>; null for that of the run.</summary>
    public string? DeviceKind { get; init; }

    /// <summary>Times that tests make short.</summary>
    internal HostTimings Timings { get; init; } = new();
}
