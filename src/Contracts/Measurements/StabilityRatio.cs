namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// Sharpness over stability limit, with the interval that the sharpness's error bar leaves. 1 is the edge of stability.
/// </summary>
/// <param name="Limit">The limit.</param>
/// <param name="Ratio">λ1 / limit.</param>
/// <param name="Low">(λ1 − error) / limit.</param>
/// <param name="High">(λ1 + error) / limit.</param>
public sealed record StabilityRatio(StabilityLimit Limit, double Ratio, double Low, double High)
{
    /// <summary>The ratio of a sharpness to a limit; null where there is no limit.</summary>
    /// <param name="sharpness">The sharpness of the kind that the limit is of, with its residual bound.</param>
    /// <param name="limit">The limit.</param>
    public static StabilityRatio? Of(Estimate sharpness, StabilityLimit? limit)
    {
        ArgumentNullException.ThrowIfNull(sharpness);
        return limit is null
            ? null
            : new(
                limit,
                sharpness.Value / limit.Value,
                (sharpness.Value - sharpness.Error) / limit.Value,
                (sharpness.Value + sharpness.Error) / limit.Value
            );
    }
}
