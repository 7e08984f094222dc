using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>
/// The limits of stability at one checkpoint, and where the sharpness stands to them. An analysis that measures no
/// sharpness of a kind leaves limit and ratio of that kind as they were.
/// </summary>
internal sealed class StabilityProjection : Projection
{
    protected override void Apply(CheckpointMeasured measured, RunSeries run)
    {
        foreach (var limit in measured.Limits.Where(limit => Belongs(limit.Kind, measured.Analysis, run)))
        {
            var (families, kind) = (run.Families.Stability, limit.Kind.Label());
            var ratio = measured.Stability?.Limit.Kind == limit.Kind ? measured.Stability : null;
            run.Set(families.Limit, limit.Value, kind);
            run.Set(families.Ratio, ratio?.Ratio, kind);
            run.Set(families.RatioLow, ratio?.Low, kind);
            run.Set(families.RatioHigh, ratio?.High, kind);
        }
    }

    private static bool Belongs(StabilityKind kind, AnalysisKind analysis, RunSeries run) =>
        analysis switch
        {
            AnalysisKind.BatchSharpness => kind == StabilityKind.Batch,
            AnalysisKind.Spectrum or AnalysisKind.Sharpness => kind != StabilityKind.Batch
                || !run.Has(AnalysisKind.BatchSharpness),
            _ => false,
        };
}
