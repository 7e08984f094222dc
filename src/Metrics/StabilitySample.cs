namespace CurvatureMonitor.Metrics;

/// <summary>
/// The optimiser's stability limit at one checkpoint, and where the sharpness stands to it. What is null is not
/// exposed.
/// </summary>
/// <param name="Kind">What is compared: <c>full</c>, <c>batch</c> or <c>preconditioned</c> sharpness.</param>
/// <param name="Limit">The limit, for example 2/η.</param>
/// <param name="Ratio">Sharpness / limit; 1 is the edge of stability.</param>
/// <param name="RatioLow">Lower end of the ratio's interval.</param>
/// <param name="RatioHigh">Upper end of the ratio's interval.</param>
public sealed record StabilitySample(
    string Kind,
    double? Limit,
    double? Ratio = null,
    double? RatioLow = null,
    double? RatioHigh = null
);
