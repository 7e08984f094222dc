namespace CurvatureMonitor.Storage.Transfer;

/// <summary>How a worker gets and keeps the files of its jobs.</summary>
public sealed record ClaimCacheOptions
{
    /// <summary>Where they are kept. Several workers of one machine may share a folder.</summary>
    public required string Directory { get; init; }

    /// <summary>The most bytes that are kept; what the job at hand needs must fit.</summary>
    public long MaximumBytes { get; init; } = 20_000_000_000;

    /// <summary>The token of hosts that ask for one; none where null.</summary>
    public string? Token { get; init; }

    /// <summary>How long a connection to a host may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a host may send nothing.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long a file that comes no further is asked for again: a host that restarts is back before.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(45);
}
