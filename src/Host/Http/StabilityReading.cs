using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Host.Http;

/// <summary>A sharpness beside the limit that matters to the run's optimiser.</summary>
internal sealed record StabilityReading
{
    /// <summary>Which sharpness is compared: <c>full</c>, <c>batch</c> or <c>preconditioned</c>.</summary>
    public string Kind { get; init; } = "full";

    /// <summary>Stability limit with the learning rate of the measured checkpoint.</summary>
    public double? Limit
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Sharpness divided by the limit.</summary>
    public double? Ratio
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Lower end of the ratio's interval, from the residual bound.</summary>
    public double? RatioLow
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Upper end of the ratio's interval, from the residual bound.</summary>
    public double? RatioHigh
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>How a ratio is shown.</summary>
    internal static StabilityReading Of(StabilityRatio ratio) =>
        new()
        {
            Kind = ratio.Limit.Kind.Label(),
            Limit = ratio.Limit.Value,
            Ratio = ratio.Ratio,
            RatioLow = ratio.Low,
            RatioHigh = ratio.High,
        };
}
