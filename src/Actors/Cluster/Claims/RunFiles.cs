using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Claims;

/// <summary>The files of a run that workers fetch.</summary>
/// <param name="Bundle">The bundle that holds them.</param>
/// <param name="Claims">Their names and hashes.</param>
internal sealed record RunFiles(RunBundle Bundle, IReadOnlyList<BlobClaim> Claims);
