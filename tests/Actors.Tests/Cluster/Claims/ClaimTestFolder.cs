using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Tests.Cluster.Claims;

/// <summary>A folder for one test: a host's and a worker's, removed after it.</summary>
internal sealed class ClaimTestFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("claims-test-").FullName;

    internal string this[string name] => Path.Combine(Root, name);

    internal BundleClaimSource Source(Uri? blobs, string? shared = null) =>
        new(
            new ClaimSourceOptions
            {
                Directory = this["host"],
                Blobs = blobs,
                SharedDirectory = shared,
            }
        );

    internal ClaimCache Cache(
        long bytes = 1_000_000,
        string folder = "cache",
        string? token = null,
        double patience = 20,
        double idle = 10
    ) =>
        new(
            new ClaimCacheOptions
            {
                Directory = this[folder],
                MaximumBytes = bytes,
                Token = token,
                Timeout = TimeSpan.FromSeconds(patience),
                IdleTimeout = TimeSpan.FromSeconds(idle),
            },
            TimeProvider.System
        );

    /// <summary>What a worker reads of a job: the parameters of its checkpoint.</summary>
    internal static async Task<double[]> ReadAsync(ClaimCache cache, string run, long step, JobClaims claims)
    {
        await cache.GetProbeAsync(run, claims, null, Device.Cpu, CancellationToken.None);
        using Checkpoint checkpoint = await cache.GetCheckpointAsync(run, step, claims, CancellationToken.None);
        return checkpoint.ParametersToArray();
    }

    internal long CachedBytes(string folder = "cache") =>
        new DirectoryInfo(Path.Combine(this[folder], "entries"))
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(file => file.Length);

    internal IEnumerable<string> Unfinished(string folder = "cache") =>
        Directory.EnumerateFiles(Path.Combine(this[folder], "unfinished"), "*", SearchOption.AllDirectories);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
