namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>How a trace is estimated.</summary>
public sealed record TraceOptions
{
    /// <summary>
    /// Random probes, 2 or more: a product each. As many as the operator has dimensions, or more, are replaced by the
    /// unit vectors, and the result is exact.
    /// </summary>
    public int Probes { get; init; } = 32;

    /// <summary>Seed of the probes; the same for every checkpoint of a run.</summary>
    public long Seed { get; init; }
}
