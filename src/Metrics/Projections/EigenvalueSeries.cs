using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>What spectrum and sharpness set alike.</summary>
internal static class EigenvalueSeries
{
    /// <summary>Sets both ends of a spectrum, which are always those of the same checkpoint.</summary>
    public static void SetEnds(RunSeries run, CheckpointMeasured measured, Measurement measurement)
    {
        var (families, name) = (run.Families.Eigenvalues, measurement.Provenance.Operator.Label());
        run.Set(families.Step, measured.Step, name);
        run.Set(families.Timestamp, UnixTime.Seconds(measured.Time), name);
        run.Set(families.LambdaMax, families.LambdaMaxResidual, measurement.LambdaMax, name);
        run.Set(families.LambdaMin, families.LambdaMinResidual, measurement.LambdaMin, name);
    }

    /// <summary>Sets the leading eigenvalues by rank.</summary>
    public static void SetRanks(RunSeries run, string name, IReadOnlyList<Estimate> ritzValues) =>
        run.SetRanks(
            run.Families.Eigenvalues.Eigenvalue,
            [.. ResolvedEigenvalues.Leading(ritzValues).Select(estimate => estimate.Value)],
            name
        );
}
