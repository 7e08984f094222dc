using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>How the top eigenvectors lie to those of the checkpoint tracked before, and to the gradient.</summary>
internal sealed class TrackingProjection : MeasurementProjection<TrackingMeasurement>
{
    protected override void Apply(
        TrackingMeasurement measurement,
        string name,
        CheckpointMeasured measured,
        RunSeries run
    )
    {
        var families = run.Families.Tracking;
        run.SetRanks(families.Overlap, measurement.OverlapsByRank(), name);
        run.Set(families.SubspaceOverlap, measurement.SubspaceOverlap?.Value, name);
        run.Set(families.GradientAlignment, measurement.GradientAlignment?.Value, name);
    }
}
