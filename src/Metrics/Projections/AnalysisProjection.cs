using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>Which checkpoint an analysis has measured, and when.</summary>
internal sealed class AnalysisProjection : Projection
{
    protected override void Apply(CheckpointMeasured measured, RunSeries run)
    {
        var (families, analysis) = (run.Families.Analysis, measured.Analysis.Label());
        run.Set(families.Step, measured.Step, analysis);
        run.Set(families.Timestamp, UnixTime.Seconds(measured.Time), analysis);
    }
}
