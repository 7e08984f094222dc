using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>Both ends of a spectrum.</summary>
internal sealed class SharpnessProjection : MeasurementProjection<SharpnessMeasurement>
{
    protected override void Apply(
        SharpnessMeasurement measurement,
        string name,
        CheckpointMeasured measured,
        RunSeries run
    )
    {
        EigenvalueSeries.SetEnds(run, measured, measurement);

        // The ranks belong to one checkpoint: to that of the spectrum, which has more of them, where the run has
        // spectra.
        if (!run.Has(AnalysisKind.Spectrum))
        {
            EigenvalueSeries.SetRanks(run, name, measurement.Top);
        }
    }
}
