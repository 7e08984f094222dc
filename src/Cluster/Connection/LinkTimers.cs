namespace CurvatureMonitor.Cluster.Connection;

/// <summary>It is time to connect.</summary>
internal sealed record ConnectDue
{
    public static ConnectDue Instance { get; } = new();
}

/// <summary>It is time to ask whether the consumers are there.</summary>
internal sealed record CheckDue
{
    public static CheckDue Instance { get; } = new();
}
