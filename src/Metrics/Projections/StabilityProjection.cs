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
        // What cannot be told any more must not stand: a rate that has become 0, an optimiser that has no limit.
        foreach (var kind in Enum.GetValues<StabilityKind>().Where(kind => Belongs(kind, measured.Analysis, run)))
        {
            var (families, label) = (run.Families.Stability, kind.Label());
            var ratio = measured.Stability?.Limit.Kind == kind ? measured.Stability : null;
            run.Set(families.Limit, measured.Limits.FirstOrDefault(limit => limit.Kind == kind)?.Value, label);
            run.Set(families.Ratio, ratio?.Ratio, label);
            run.Set(families.RatioLow, ratio?.Low, label);
            run.Set(families.RatioHigh, ratio?.High, label);
        }
    }

    /// <summary>Takes away what a training that has diverged has no more.</summary>
    internal static void Clear(RunSeries run)
    {
        var families = run.Families.Stability;
        foreach (var kind in Enum.GetValues<StabilityKind>())
        {
            foreach (var family in new[] { families.Limit, families.Ratio, families.RatioLow, families.RatioHigh })
            {
                run.Set(family, null, kind.Label());
            }
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
