using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Claims;

/// <summary>
/// The worker's side of the claim checks: fetches files once, sees that their content is what was promised, and keeps
/// them within a bounded size. Used by one job at a time.
/// </summary>
public interface IClaimCache : IDisposable
{
    /// <summary>
    /// Gets a run's objective; the same object for equal files, type and device, until it is forgotten.
    /// </summary>
    /// <param name="run">The run's name.</param>
    /// <param name="claims">Its files.</param>
    /// <param name="type">The element type to compute in; null for that of the probe set.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClaimException">A file is gone, cannot be reached, or has another content.</exception>
    /// <exception cref="BundleException">A file is not what a bundle must have.</exception>
    /// <exception cref="DerivativeException">Memory is used up, or an operation is not supported.</exception>
    Task<RunProbe> GetProbeAsync(
        string run,
        JobClaims claims,
        ElementType? type,
        Device device,
        CancellationToken cancellation
    );

    /// <summary>Gets a checkpoint, which the caller disposes.</summary>
    /// <param name="run">The run's name, whose objective was got before.</param>
    /// <param name="checkpointStep">Its step.</param>
    /// <param name="claims">Its files.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClaimException">A file is gone, cannot be reached, or has another content.</exception>
    /// <exception cref="BundleException">A file is not what a bundle must have.</exception>
    Task<Checkpoint> GetCheckpointAsync(
        string run,
        long checkpointStep,
        JobClaims claims,
        CancellationToken cancellation
    );

    /// <summary>A run is over: its objective can go. Its files go when room is needed.</summary>
    /// <param name="run">The run's name.</param>
    void Forget(string run);
}
