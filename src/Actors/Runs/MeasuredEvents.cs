using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>Turns the answer to a job into the event that is published.</summary>
internal static class MeasuredEvents
{
    /// <summary>The event, with the limits of the optimiser as it was at the checkpoint.</summary>
    /// <param name="measured">The answer.</param>
    /// <param name="now">When it came.</param>
    /// <param name="optimizer">The optimiser at the checkpoint.</param>
    /// <param name="difference">How far the measured program is from the model; null where that is not told.</param>
    /// <param name="step">The latest step of the training.</param>
    /// <param name="overheadShare">Seconds of measuring a second of wall time.</param>
    public static CheckpointMeasured Of(
        Measured measured,
        DateTimeOffset now,
        OptimizerDescription optimizer,
        double? difference,
        long step,
        double? overheadShare
    )
    {
        var (id, report) = (measured.Id, measured.Report);
        IReadOnlyList<StabilityLimit> limits =
            report.ScaledSharpness is not null && optimizer.ScaledLimit is { } scaled
                ? [scaled]
                : optimizer.LimitsAt(null);
        return new CheckpointMeasured(
            id.Run,
            now,
            id.Step,
            id.Analysis,
            report.Measurements,
            limits,
            StabilityOf(report, limits),
            measured.Cost,
            Math.Max(0, step - id.Step),
            overheadShare
        )
        {
            Gradient = report.Gradient,
            Weights = report.Weights,
            ComparedWith = report.ComparedWith,
            Outlook = report.Outlook,
            NoLimit = optimizer.NoLimitAt(null),
            Branch = id.Branch,
            Difference = difference,
        };
    }

    // The scaled sharpness, else the preconditioned one, else that of batches, else the Hessian's, beside the limit of
    // its kind.
    private static StabilityRatio? StabilityOf(AnalysisReport report, IReadOnlyList<StabilityLimit> limits)
    {
        var (sharpness, kind) = report switch
        {
            { ScaledSharpness: { } scaled } => (scaled, StabilityKind.Scaled),
            { PreconditionedSharpness: { } preconditioned } => (preconditioned, StabilityKind.Preconditioned),
            _ when report.Measurements.OfType<BatchSharpnessMeasurement>().FirstOrDefault() is { } batches => (
                batches.Sharpness,
                StabilityKind.Batch
            ),
            _ => (HessianOf(report)?.LambdaMax, StabilityKind.Full),
        };
        return sharpness is null
            ? null
            : StabilityRatio.Of(sharpness, limits.FirstOrDefault(limit => limit.Kind == kind));
    }

    private static Measurement? HessianOf(AnalysisReport report) =>
        report.Measurements.FirstOrDefault(measurement => measurement.Provenance.Operator == OperatorKind.Hessian);
}
