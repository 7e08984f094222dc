using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Claims;

/// <summary>The files of a checkpoint that open jobs need.</summary>
/// <param name="Bundle">The bundle that holds them.</param>
/// <param name="Claims">Their names and hashes.</param>
internal sealed record OpenCheckpoint(RunBundle Bundle, IReadOnlyList<BlobClaim> Claims)
{
    /// <summary>The jobs that need them.</summary>
    public HashSet<JobId> Jobs { get; } = [];
}
