namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>The times that a worker goes by.</summary>
internal sealed record WorkerTimings
{
    /// <summary>How often it reports, and sends answers again that no host has taken.</summary>
    public TimeSpan Report { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For how long it tries to get a job's files.</summary>
    public TimeSpan ClaimPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a process that has to end waits until its last answer is taken.</summary>
    public TimeSpan LastWords { get; init; } = TimeSpan.FromSeconds(5);
}
