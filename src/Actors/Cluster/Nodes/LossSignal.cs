namespace CurvatureMonitor.Actors.Cluster.Nodes;

/// <summary>How the loss of a member was noticed.</summary>
internal enum LossSignal
{
    /// <summary>Its connection broke: at once.</summary>
    Disassociated,

    /// <summary>Its heartbeats stay away: after some seconds.</summary>
    Unreachable,

    /// <summary>The cluster has removed it.</summary>
    Removed,
}
