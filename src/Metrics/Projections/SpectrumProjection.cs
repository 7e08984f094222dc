using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>Ends, ranks, counts and shape of a spectrum.</summary>
internal sealed class SpectrumProjection : MeasurementProjection<SpectrumMeasurement>
{
    protected override void Apply(
        SpectrumMeasurement measurement,
        string name,
        CheckpointMeasured measured,
        RunSeries run
    )
    {
        EigenvalueSeries.SetEnds(run, measured, measurement);
        EigenvalueSeries.SetRanks(run, name, measurement.Eigenvalues);
        SetCounts(run, name, measurement);
        SetShape(run, name, measurement);
        if (!run.Has(AnalysisKind.Trace))
        {
            var families = run.Families.Trace;
            run.Set(families.Trace, families.TraceError, measurement.Trace, name);
        }
    }

    private static void SetCounts(RunSeries run, string name, SpectrumMeasurement spectrum)
    {
        var histogram = run.Add(run.Families.Eigenvalues.Eigenvalues, name);
        if (double.IsFinite(spectrum.Trace.Value))
        {
            histogram.Set(EigenvalueGrid.CumulativeCounts(spectrum.Density), spectrum.Trace.Value);
        }
        else
        {
            // A histogram has a finite sum or none; the one before is not that of this checkpoint.
            histogram.Clear();
        }
    }

    private static void SetShape(RunSeries run, string name, SpectrumMeasurement spectrum)
    {
        var (families, shape) = (run.Families.Shape, spectrum.Shape);
        run.Set(families.NegativeEigenvalues, shape?.NegativeEigenvalues, name);
        run.Set(families.NegativeMass, shape?.NegativeMass, name);
        run.Set(families.Degenerate, shape?.RankDegeneracy, name);
        run.Set(families.EffectiveRank, shape?.RankParticipation, name);
        run.Set(families.Outliers, spectrum.Outliers, name);
    }
}
