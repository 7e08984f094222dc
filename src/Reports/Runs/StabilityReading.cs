using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// A sharpness beside the limit that matters to the run's optimiser: a <see cref="StabilityRatio"/> without the nesting
/// that it has in journals.
/// </summary>
internal sealed record StabilityReading
{
    /// <summary>Which sharpness is compared: <c>full</c>, <c>batch</c> or <c>preconditioned</c>.</summary>
    public string Kind { get; init; } = "full";

    /// <summary>Stability limit with the learning rate of the measured checkpoint.</summary>
    public double? Limit { get; init; }

    /// <summary>Sharpness divided by the limit.</summary>
    public double? Ratio { get; init; }

    /// <summary>Lower end of the ratio's interval, from the residual bound.</summary>
    public double? RatioLow { get; init; }

    /// <summary>Upper end of the ratio's interval, from the residual bound.</summary>
    public double? RatioHigh { get; init; }

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
