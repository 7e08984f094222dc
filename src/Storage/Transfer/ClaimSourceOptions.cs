namespace CurvatureMonitor.Storage.Transfer;

/// <summary>Where a host lays out the files of its jobs.</summary>
public sealed record ClaimSourceOptions
{
    /// <summary>
    /// A folder of the host's own, for what it must remember and for checkpoints that are in memory alone.
    /// </summary>
    public required string Directory { get; init; }

    /// <summary>
    /// The address under which workers fetch files over HTTP, such as <c>http://host:9464/api/blobs/</c>; null where
    /// they cannot.
    /// </summary>
    public Uri? Blobs { get; init; }

    /// <summary>
    /// A folder that workers see under the same path: bundles in it are read there and not fetched over HTTP; null
    /// where there is none.
    /// </summary>
    public string? SharedDirectory { get; init; }
}
