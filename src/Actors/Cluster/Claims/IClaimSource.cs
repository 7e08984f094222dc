using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Claims;

/// <summary>
/// The host's side of the claim checks: lays out the files of a job so that workers can fetch them. Thread-safe.
/// </summary>
public interface IClaimSource
{
    /// <summary>Lays out the files of a job. They stay until the job is released.</summary>
    /// <param name="job">The job.</param>
    /// <param name="resources">The objective and the checkpoints of its run.</param>
    /// <returns>What to fetch.</returns>
    /// <exception cref="Storage.BundleException">A file is gone or cannot be read.</exception>
    /// <exception cref="ClaimException">The run has given the checkpoint up.</exception>
    JobClaims Claim(JobId job, RunResources resources);

    /// <summary>A job is answered: its files are no longer needed for it. Unknown jobs have no effect.</summary>
    /// <param name="id">The job.</param>
    void Release(JobId id);

    /// <summary>A run is over: nothing of it is needed any more.</summary>
    /// <param name="run">The run's name.</param>
    void Forget(string run);
}
