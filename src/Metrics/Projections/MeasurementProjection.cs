using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>What each measurement of one kind sets.</summary>
/// <typeparam name="TMeasurement">The kind.</typeparam>
internal abstract class MeasurementProjection<TMeasurement> : Projection
    where TMeasurement : Measurement
{
    /// <inheritdoc/>
    protected sealed override void Apply(CheckpointMeasured measured, RunSeries run)
    {
        foreach (var measurement in measured.Measurements.OfType<TMeasurement>())
        {
            Apply(measurement, measurement.Provenance.Operator.Label(), measured, run);
        }
    }

    /// <summary>Sets what one measurement says.</summary>
    /// <param name="measurement">The measurement.</param>
    /// <param name="name">The name of its operator.</param>
    /// <param name="measured">What it is part of.</param>
    /// <param name="run">The series.</param>
    protected abstract void Apply(TMeasurement measurement, string name, CheckpointMeasured measured, RunSeries run);
}
