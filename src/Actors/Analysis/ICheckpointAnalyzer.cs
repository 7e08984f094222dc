using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// Measures the checkpoints of one run. Used by one curvature actor on its own thread; disposed when the run is over or
/// the actor crashed.
/// </summary>
public interface ICheckpointAnalyzer : IDisposable
{
    /// <summary>Does one job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="checkpoint">Its checkpoint, which stays the caller's.</param>
    /// <param name="cancellationToken">Looked at between two curvature products.</param>
    /// <returns>What was measured.</returns>
    /// <exception cref="AnalysisRefusedException">The analysis makes no sense for this model, probe set or
    /// optimiser.</exception>
    /// <exception cref="DerivativeException">Of kind OutOfMemory or UnsupportedOperation: likewise. Of another kind, as
    /// everything else: the actor crashes.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    AnalysisReport Analyse(AnalyseCheckpoint job, Checkpoint checkpoint, CancellationToken cancellationToken);
}
