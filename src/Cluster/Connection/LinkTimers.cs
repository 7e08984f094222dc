namespace CurvatureMonitor.Cluster.Connection;

/// <summary>It is time to connect.</summary>
internal sealed record Connect
{
    public static Connect Instance { get; } = new();
}

/// <summary>It is time to ask whether the consumers are there.</summary>
internal sealed record Check
{
    public static Check Instance { get; } = new();
}
