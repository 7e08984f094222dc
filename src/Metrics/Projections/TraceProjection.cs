using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>Trace, Frobenius norm and the traces of layers.</summary>
internal sealed class TraceProjection : MeasurementProjection<TraceMeasurement>
{
    protected override void Apply(TraceMeasurement measurement, string name, CheckpointMeasured measured, RunSeries run)
    {
        var families = run.Families.Trace;
        run.Set(families.Trace, families.TraceError, measurement.Trace, name);
        run.Set(families.Frobenius, families.FrobeniusError, measurement.Frobenius, name);
        foreach (var layer in measurement.Layers.Take(SeriesLimits.Layers))
        {
            run.Set(families.LayerTrace, layer.Estimate.Value, layer.Layer, name);
        }
    }
}
