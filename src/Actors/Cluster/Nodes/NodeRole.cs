namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>What a member of a cluster is there for.</summary>
internal static class NodeRole
{
    /// <summary>It owns runs, and gives jobs to workers.</summary>
    public const string Host = "host";

    /// <summary>It measures.</summary>
    public const string Worker = "worker";
}
