namespace CurvatureMonitor.Host.Http;

/// <summary>What a measurement cost.</summary>
internal sealed record CostReading
{
    /// <summary>Applications of the operator.</summary>
    public long? CurvatureProducts { get; init; }

    /// <summary>Wall time in seconds.</summary>
    public double? Seconds
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Largest native memory in bytes.</summary>
    public long? PeakBytes { get; init; }
}
