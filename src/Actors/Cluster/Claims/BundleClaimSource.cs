using System.Security.Cryptography;
using System.Text;
using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Claims;

/// <summary>
/// Lays out the files of run bundles: by their folder where workers share it, else by the hash of their content, to be
/// fetched over HTTP. A checkpoint whose files are gone while its parameters are in memory is written to a folder of
/// its own, as long as its jobs are open. Thread-safe.
/// </summary>
public sealed class BundleClaimSource : IClaimSource
{
    private const string SpoolFolder = ".curvature-spool";

    private readonly Lock _gate = new();
    private readonly Uri? _blobs;
    private readonly string? _shared;
    private readonly string _spool;
    private readonly BlobIndex _index;
    private readonly Dictionary<string, RunFiles> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Run, long Step), OpenCheckpoint> _checkpoints = [];
    private readonly Dictionary<JobId, OpenCheckpoint> _jobs = [];

    /// <summary>Opens the source, and clears away what an earlier process had in memory alone.</summary>
    /// <param name="options">Where.</param>
    /// <exception cref="UserErrorException">Workers could get files in no way.</exception>
    /// <exception cref="BundleException">The folder cannot be used.</exception>
    public BundleClaimSource(ClaimSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Blobs is null && options.SharedDirectory is null)
        {
            throw new UserErrorException(
                "workers must get files in some way: over HTTP, or from a folder that they share"
            );
        }

        _blobs =
            options.Blobs is null || options.Blobs.AbsoluteUri.EndsWith('/')
                ? options.Blobs
                : new Uri(options.Blobs.AbsoluteUri + "/");
        _shared = options.SharedDirectory is null
            ? null
            : Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.SharedDirectory))
                + Path.DirectorySeparatorChar;
        string directory = Path.GetFullPath(options.Directory);
        _spool = Path.Combine(
            _shared ?? directory,
            SpoolFolder,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..16]
        );
        Clear(_spool);
        _index = new BlobIndex(Path.Combine(directory, "blobs"));
    }

    /// <summary>The file that has some content; null where no open job names it.</summary>
    /// <param name="sha256">The hash of the content.</param>
    public string? PathOf(string sha256)
    {
        ArgumentNullException.ThrowIfNull(sha256);
        return FileHash.IsHash(sha256) ? _index.PathOf(sha256) : null;
    }

    /// <summary>
    /// Whether a job that is open, or may be from an earlier process, names the files of a checkpoint: they must stay.
    /// </summary>
    /// <param name="run">The run's name.</param>
    /// <param name="checkpointStep">The checkpoint's step.</param>
    public bool IsInUse(string run, long checkpointStep) => _index.Has(run, checkpointStep);

    /// <inheritdoc/>
    public JobClaims Claim(JobId job, RunResources resources)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(resources);
        var own = resources.Probe.Bundle
            ?? throw new BundleException(
                job.Run,
                null,
                "has no run bundle that workers could fetch",
                "save the run, and have the bundle served"
            );
        var checkpoint = CheckpointOf(job, resources, own);
        var run = FilesOf(job.Run, own);
        return new JobClaims(SourceOf(checkpoint.Bundle), run.Claims, checkpoint.Claims);
    }

    /// <inheritdoc/>
    public void Release(JobId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_gate)
        {
            if (_jobs.Remove(id, out var checkpoint) && checkpoint.Jobs.Remove(id) && checkpoint.Jobs.Count == 0)
            {
                Drop(id.Run, id.Step, checkpoint);
            }
        }
    }

    /// <inheritdoc/>
    public void Forget(string run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lock (_gate)
        {
            foreach (var ((_, step), checkpoint) in _checkpoints.Where(pair => pair.Key.Run == run).ToList())
            {
                foreach (var id in checkpoint.Jobs)
                {
                    _jobs.Remove(id);
                }

                Drop(run, step, checkpoint);
            }

            _runs.Remove(run);
            _index.Remove(run);
        }

        Clear(Path.Combine(_spool, run));
    }

    private static void Clear(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is not there, or it stays: what is in it is named by nothing.
        }
    }

    private Uri SourceOf(RunBundle bundle)
    {
        string folder = Path.GetFullPath(bundle.Directory) + Path.DirectorySeparatorChar;
        return _shared is not null && folder.StartsWith(_shared, StringComparison.Ordinal)
            ? new Uri(folder)
            : _blobs
                ?? throw new BundleException(
                    bundle.Directory,
                    null,
                    $"is not in the folder {_shared} that workers share",
                    "have runs written there, or give --public-url"
                );
    }

    // Hashing takes a while: it is done outside the gate. Two jobs of one checkpoint may do it twice and find the same.
    private RunFiles FilesOf(string run, RunBundle own)
    {
        lock (_gate)
        {
            if (_runs.TryGetValue(run, out var known) && ReferenceEquals(known.Bundle, own))
            {
                return known;
            }
        }

        var found = new RunFiles(own, [.. own.Files.Select(file => FileHash.Claim(own.Directory, file))]);
        lock (_gate)
        {
            _runs[run] = found;
            foreach (var claim in found.Claims)
            {
                _index.Add(claim.Sha256, new BlobPlace(run, null, Path.Combine(own.Directory, claim.Name)));
            }
        }

        return found;
    }

    private OpenCheckpoint CheckpointOf(JobId id, RunResources resources, RunBundle own)
    {
        lock (_gate)
        {
            if (_checkpoints.TryGetValue((id.Run, id.Step), out var known))
            {
                return Open(id, known);
            }
        }

        using var checkpoint =
            resources.Retain(id.Step) ?? throw new ClaimException($"the run has given step {id.Step} up", true);
        var found = Hash(own, checkpoint);
        lock (_gate)
        {
            if (_checkpoints.TryAdd((id.Run, id.Step), found))
            {
                foreach (var claim in found.Claims)
                {
                    _index.Add(
                        claim.Sha256,
                        new BlobPlace(id.Run, id.Step, Path.Combine(found.Bundle.Directory, claim.Name))
                    );
                }
            }

            return Open(id, _checkpoints[(id.Run, id.Step)]);
        }
    }

    private OpenCheckpoint Hash(RunBundle own, Checkpoint checkpoint)
    {
        try
        {
            if (own.HasCheckpoint(checkpoint.Step))
            {
                return Of(own);
            }
        }
        catch (BundleException) when (!own.HasCheckpoint(checkpoint.Step))
        {
            // Removed while it was read; its parameters are in memory still.
        }

        return Of(Spool(own, checkpoint));

        OpenCheckpoint Of(RunBundle bundle) =>
            new(
                bundle,
                [.. bundle.CheckpointFiles(checkpoint.Step).Select(file => FileHash.Claim(bundle.Directory, file))]
            );
    }

    private OpenCheckpoint Open(JobId id, OpenCheckpoint checkpoint)
    {
        checkpoint.Jobs.Add(id);
        _jobs[id] = checkpoint;
        return checkpoint;
    }

    private void Drop(string run, long step, OpenCheckpoint checkpoint)
    {
        _checkpoints.Remove((run, step));
        _index.Remove(run, step);
        if (checkpoint.Bundle.Directory.StartsWith(_spool, StringComparison.Ordinal))
        {
            try
            {
                checkpoint.Bundle.RemoveCheckpoint(step);
            }
            catch (BundleException)
            {
                // The end of the run removes the folder.
            }
        }
    }

    // A bundle of its own, so that it can be read from a shared folder as any other.
    private RunBundle Spool(RunBundle own, Checkpoint checkpoint)
    {
        string folder = Path.Combine(_spool, own.Manifest.Run);
        var bundle = own.WithCheckpointsIn(folder);
        if (bundle.HasCheckpoint(checkpoint.Step))
        {
            return bundle;
        }

        try
        {
            foreach (string file in _shared is null ? [] : own.Files)
            {
                string copy = Path.Combine(folder, Path.GetRelativePath(own.Directory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                if (!File.Exists(copy))
                {
                    File.Copy(file, copy);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                folder,
                null,
                $"cannot be written ({exception.Message})",
                "check the folder, its permissions and the space left",
                exception
            );
        }

        Directory.CreateDirectory(folder);
        bundle.WriteCheckpoint(checkpoint);
        return bundle;
    }
}
