using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Cluster.Connection;

namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>How a host gives its jobs to a cluster.</summary>
public sealed record HostClusterOptions
{
    /// <summary>The broker.</summary>
    public required BrokerAddress Address { get; init; }

    /// <summary>
    /// What tells this host's runs and results from those of others: the id of its data directory, so that a host that
    /// is restarted, or that takes the directory over, continues with what was begun. Letters, digits, hyphens and
    /// underscores.
    /// </summary>
    public required string Instance { get; init; }

    /// <summary>Lays out the files of jobs.</summary>
    public required IClaimSource Claims { get; init; }

    /// <summary>The least libtorch that a worker must have, such as <c>2.1</c>; any where null.</summary>
    public Version? MinimumTorch { get; init; }

    /// <summary>The kind of device that jobs ask for: <c>cpu</c> or <c>cuda</c>; null for that of the run.</summary>
    public string? DeviceKind { get; init; }

    /// <summary>Times that tests make short.</summary>
    internal HostTimings Timings { get; init; } = new();

    /// <summary>What the names of exchanges and queues begin with.</summary>
    internal string Prefix { get; init; } = BrokerNames.DefaultPrefix;
}
