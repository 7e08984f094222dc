namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>What a measurement cost.</summary>
/// <param name="CurvatureProducts">Applications of H or G; one application of R is two.</param>
/// <param name="Seconds">Wall time, by the clock that the caller handed in.</param>
/// <param name="PeakBytes">The most native memory in use at once, as the linearization reports it.</param>
public sealed record MeasurementCost(long CurvatureProducts, double Seconds, long PeakBytes)
{
    /// <summary>Nothing spent.</summary>
    public static MeasurementCost None { get; } = new(0, 0, 0);

    /// <summary>
    /// The cost of both, one after the other: products and seconds add up, of the memory the larger counts.
    /// </summary>
    public static MeasurementCost operator +(MeasurementCost left, MeasurementCost right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new(
            left.CurvatureProducts + right.CurvatureProducts,
            left.Seconds + right.Seconds,
            Math.Max(left.PeakBytes, right.PeakBytes)
        );
    }

    /// <summary>The same as the operator +.</summary>
    public static MeasurementCost Add(MeasurementCost left, MeasurementCost right) => left + right;
}
