using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>The batch sharpness, which is measured of the Hessian alone.</summary>
internal sealed class BatchSharpnessProjection : MeasurementProjection<BatchSharpnessMeasurement>
{
    protected override void Apply(
        BatchSharpnessMeasurement measurement,
        string name,
        CheckpointMeasured measured,
        RunSeries run
    )
    {
        var families = run.Families.BatchSharpness;
        run.Set(families.Sharpness, families.SharpnessError, measurement.Sharpness);
    }
}
