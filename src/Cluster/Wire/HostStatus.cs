namespace CurvatureMonitor.Cluster.Wire;

/// <summary>A host says that it is there, when it is asked.</summary>
/// <param name="Wire">The version of the messages.</param>
/// <param name="Instance">The id of its data directory.</param>
/// <param name="Host">The machine.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="Runs">Runs that have jobs which are not answered yet.</param>
/// <param name="OpenJobs">Those jobs.</param>
internal sealed record HostStatus(int Wire, string Instance, string Host, int ProcessId, int Runs, int OpenJobs)
{
    /// <summary>Seconds since the oldest of them that the broker has was sent; null where it has none.</summary>
    public double? OldestSeconds { get; init; }
}
