using CurvatureMonitor.Storage.Credentials;

namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>How a process takes part in a cluster.</summary>
public sealed record NodeOptions
{
    /// <summary>Where the process listens; other members must reach it under that name.</summary>
    public required ClusterEndpoint Listen { get; init; }

    /// <summary>The hosts whose cluster it joins; a host that names none begins one.</summary>
    public IReadOnlyList<ClusterEndpoint> Join { get; init; } = [];

    /// <summary>What lets it in: read again when it has changed.</summary>
    public required RenewableCredentials Credentials { get; init; }

    /// <summary>How the cluster's own timings differ from Akka.NET's; tests make them short.</summary>
    internal string Overrides { get; init; } = string.Empty;
}
