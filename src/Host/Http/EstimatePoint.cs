namespace CurvatureMonitor.Host.Http;

/// <summary>A number with its error bar.</summary>
internal sealed record EstimatePoint
{
    /// <summary>The number.</summary>
    public double? Value
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Its standard error.</summary>
    public double? Stderr
    {
        get;
        init => field = Finite.OrNull(value);
    }
}
