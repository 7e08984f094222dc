namespace CurvatureMonitor.Cluster.Workers;

/// <summary>The times that a worker goes by.</summary>
internal sealed record WorkerTimings
{
    /// <summary>How often it says that it is there.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long it waits after it put back a ticket that it cannot serve.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long it tries to get a job's files.</summary>
    public TimeSpan ClaimPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one message may take to be confirmed.</summary>
    public TimeSpan Publish { get; init; } = TimeSpan.FromSeconds(15);
}
