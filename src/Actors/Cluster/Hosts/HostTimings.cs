namespace CurvatureMonitor.Actors.Cluster.Hosts;

/// <summary>The times that a host goes by.</summary>
internal sealed record HostTimings
{
    /// <summary>How often it looks at jobs without a worker and at answers that are not journalled.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer is left with its worker that belongs to no run known yet.</summary>
    public TimeSpan UnknownRun { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long what was passed on last of a run that is over may take to the journal.</summary>
    public TimeSpan Journal { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a worker that is lost stays in the metrics.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long it waits before it tries again to take part in the cluster.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}
