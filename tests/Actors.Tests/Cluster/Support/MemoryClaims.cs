using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Cluster.Claims;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Tests.Cluster.Support;

/// <summary>
/// Claim checks between hosts and workers of one process: the objects themselves, named by a hash as files would be.
/// </summary>
internal sealed class MemoryClaims : IClaimSource
{
    private readonly ConcurrentDictionary<string, object> _blobs = new();
    private readonly ConcurrentDictionary<JobId, string> _checkpoints = new();
    private long _unreachable;

    /// <summary>How many fetches fail as if the host could not be reached.</summary>
    internal long Unreachable
    {
        set => Interlocked.Exchange(ref _unreachable, value);
    }

    /// <summary>Whether the files of checkpoints are lost as soon as they are laid out.</summary>
    internal bool Lose { get; set; }

    /// <summary>Jobs whose files are laid out.</summary>
    internal int Laid => _checkpoints.Count;

    public JobClaims Claim(JobId job, RunResources resources)
    {
        string step = job.Step.ToString(CultureInfo.InvariantCulture);
        int identity = System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(resources.Probe);
        string probe = Hash($"{job.Run} {identity}");
        string checkpoint = Hash($"{job} {Guid.NewGuid()}");
        _blobs[probe] = resources.Probe;
        if (!Lose)
        {
            _blobs[checkpoint] = resources.Retain(job.Step)!;
        }

        _checkpoints[job] = checkpoint;
        return new JobClaims(
            new Uri("http://memory/api/blobs/"),
            [new BlobClaim("run.json", probe, 1)],
            [new BlobClaim($"checkpoints/{step}", checkpoint, 1)]
        );
    }

    public void Release(JobId id)
    {
        if (_checkpoints.TryRemove(id, out string? hash) && _blobs.TryRemove(hash, out object? checkpoint))
        {
            ((Checkpoint)checkpoint).Dispose();
        }
    }

    public void Forget(string run)
    {
        // The probe is the run's own.
    }

    /// <summary>The worker's side.</summary>
    internal IClaimCache CreateCache() => new Cache(this);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private object Fetch(BlobClaim claim)
    {
        if (Interlocked.Decrement(ref _unreachable) >= 0)
        {
            throw new ClaimException("the host cannot be reached", isMissing: false, isHostAway: true);
        }

        return _blobs.TryGetValue(claim.Sha256, out object? blob)
            ? blob
            : throw new ClaimException($"{claim.Name} is gone", isMissing: true);
    }

    private sealed class Cache(MemoryClaims claims) : IClaimCache
    {
        public Task<RunProbe> GetProbeAsync(
            string run,
            JobClaims files,
            ElementType? type,
            Device device,
            CancellationToken cancellation
        ) => Task.FromResult((RunProbe)claims.Fetch(files.Run[0]));

        public Task<Checkpoint> GetCheckpointAsync(
            string run,
            long checkpointStep,
            JobClaims files,
            CancellationToken cancellation
        ) => Task.FromResult(((Checkpoint)claims.Fetch(files.Checkpoint[0])).Retain());

        public void Forget(string run)
        {
            // Nothing is kept.
        }

        public void Dispose()
        {
            // Nothing is kept.
        }
    }
}
