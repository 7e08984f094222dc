using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature;

/// <summary>Says what one measurement cost; its time counts from when this is made.</summary>
/// <param name="linearization">What is measured.</param>
/// <param name="time">The clock.</param>
internal sealed class CostMeter(Linearization linearization, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>The cost so far.</summary>
    /// <param name="products">Curvature products that were spent.</param>
    public MeasurementCost Cost(long products) =>
        new(products, time.GetElapsedTime(_started).TotalSeconds, linearization.PeakBytes);
}
