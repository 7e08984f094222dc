namespace CurvatureMonitor.Cluster.Wire;

/// <summary>What a worker is at.</summary>
internal enum WorkerState
{
    /// <summary>It waits for a job.</summary>
    Idle,

    /// <summary>It has one.</summary>
    Busy,

    /// <summary>It takes no more, and ends soon.</summary>
    Stopping,

    /// <summary>It has ended: the last word.</summary>
    Stopped,
}
