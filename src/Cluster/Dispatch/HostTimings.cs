namespace CurvatureMonitor.Cluster.Dispatch;

/// <summary>The times that a host goes by.</summary>
internal sealed record HostTimings
{
    /// <summary>
    /// How often it looks at the broker's queues, at silent workers and at open jobs that may have been lost.
    /// </summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For how long an open job may be neither in its slot nor at a worker before it is sent again.</summary>
    public TimeSpan Stranded { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For how long a worker may be silent before it counts as down: three of its heartbeats.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a worker that is down stays in the metrics.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a result is kept back that belongs to no run known yet.</summary>
    public TimeSpan UnknownRun { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long jobs of an earlier process wait for results that the broker holds, before they are sent again.
    /// </summary>
    public TimeSpan CatchUp { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long workers have to say what they are at, once they are asked.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How long it waits after a message could not be sent.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one message may take to be confirmed.</summary>
    public TimeSpan Publish { get; init; } = TimeSpan.FromSeconds(15);
}
