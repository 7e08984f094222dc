namespace CurvatureMonitor.Actors.Cluster.Wire;

/// <summary>What a worker is at.</summary>
internal enum WorkerState
{
    /// <summary>It waits for a job.</summary>
    Idle,

    /// <summary>It has one.</summary>
    Busy,

    /// <summary>It takes no more, and ends after the one at hand.</summary>
    Stopping,

    /// <summary>It ends in order: its last report.</summary>
    Stopped,
}
