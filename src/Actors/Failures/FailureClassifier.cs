using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Actors.Failures;

/// <summary>Tells user errors, failed measurements and bugs apart, for commands, endpoints and jobs alike.</summary>
public static class FailureClassifier
{
    /// <summary>The kind of a failure.</summary>
    /// <param name="failure">The exception; one that wraps a single other counts as that other.</param>
    public static FailureKind Classify(Exception failure) =>
        failure switch
        {
            AggregateException { InnerExceptions: [var only] } => Classify(only),
            UserErrorException => FailureKind.UserError,
            MonitorStoppingException => FailureKind.Stopping,
            OperationCanceledException => FailureKind.Cancelled,
            DerivativeException
            {
                Kind: DerivativeErrorKind.InvalidArgument or DerivativeErrorKind.DeviceUnavailable,
            } => FailureKind.UserError,
            DerivativeException or CurvatureException => FailureKind.Measurement,
            _ => ReasonOf(failure) is null ? FailureKind.Bug : FailureKind.Measurement,
        };

    /// <summary>
    /// The reason by which a job counts as failed; null for a bug, which says nothing of the job and is left to the
    /// supervisor.
    /// </summary>
    /// <param name="failure">An exception out of an analysis, or out of the reading of its files.</param>
    public static JobFailureReason? ReasonOf(Exception failure) =>
        failure switch
        {
            OperationCanceledException => JobFailureReason.Cancelled,
            UserErrorException => JobFailureReason.InvalidCheckpoint,
            AnalysisRefusedException => JobFailureReason.UnsupportedOperation,
            NonFiniteException => JobFailureReason.NonFinite,
            OutOfMemoryException => JobFailureReason.OutOfMemory,
            DerivativeException { Kind: DerivativeErrorKind.NonFinite } => JobFailureReason.NonFinite,
            DerivativeException { Kind: DerivativeErrorKind.OutOfMemory } => JobFailureReason.OutOfMemory,
            DerivativeException { Kind: DerivativeErrorKind.UnsupportedOperation } =>
                JobFailureReason.UnsupportedOperation,
            _ => null,
        };
}
