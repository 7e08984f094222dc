using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>What an exception out of an analysis, or out of what leads to it, says of the job.</summary>
internal static class AnalysisFailures
{
    /// <summary>The reason by which a job counts as failed; null for a defect, which says nothing of the job.</summary>
    public static JobFailureReason? ReasonOf(Exception failure) =>
        failure switch
        {
            AnalysisException known => known.Reason,
            AnalysisRefusedException => JobFailureReason.UnsupportedOperation,
            NonFiniteException or TorchException { Kind: TorchErrorKind.NonFinite } => JobFailureReason.NonFinite,
            TorchException { Kind: TorchErrorKind.OutOfMemory } or OutOfMemoryException => JobFailureReason.OutOfMemory,
            TorchException { Kind: TorchErrorKind.UnsupportedOperation } => JobFailureReason.UnsupportedOperation,
            _ => null,
        };
}
