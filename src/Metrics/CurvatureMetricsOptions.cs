namespace CurvatureMonitor.Metrics;

/// <summary>Settings of <see cref="CurvatureMetrics"/>.</summary>
public sealed record CurvatureMetricsOptions
{
    /// <summary>
    /// How long the series of a run are still served after its end (default 15 min): longer than Prometheus looks back
    /// (5 min) and than alerts wait, so that the last values are seen.
    /// </summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How many runs may have series at once (default 200); a run beyond that evicts another one.</summary>
    public int MaxRuns { get; init; } = 200;

    /// <summary>The version in <c>curvature_build_info</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>The source revision in <c>curvature_build_info</c>.</summary>
    public string Revision { get; init; } = "";
}
