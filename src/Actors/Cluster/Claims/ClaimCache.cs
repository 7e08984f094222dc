using System.Collections.Concurrent;
using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Actors.Cluster.Claims;

/// <summary>
/// Gets the files of jobs and keeps them in a folder of bounded size, where they outlive the worker. Each file is
/// checked against its hash when it comes and again whenever it is read: what a disk has spoiled is fetched again.
/// </summary>
public sealed class ClaimCache : IClaimCache
{
    private const int Tries = 3;

    private readonly CacheFolder _folder;
    private readonly BlobFetcher _fetcher;
    private readonly long _maximumBytes;
    private readonly ConcurrentDictionary<string, KnownRun> _runs = new(StringComparer.Ordinal);

    // What the job at hand needs stays: its run's entry first, then its checkpoint's.
    private readonly List<string> _needed = [];

    /// <summary>Opens the cache.</summary>
    /// <param name="options">Where, how much, and how long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BundleException">The folder cannot be used.</exception>
    public ClaimCache(ClaimCacheOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _maximumBytes = options.MaximumBytes;
        _folder = new CacheFolder(options.Directory, options.MaximumBytes, time);
        _fetcher = new BlobFetcher(options, time);
    }

    /// <inheritdoc/>
    public async Task<RunProbe> GetProbeAsync(
        string run,
        JobClaims claims,
        ElementType? type,
        Device device,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(claims);
        string entry = CacheFolder.NameOf(Checked(claims.Run));
        Need(entry, place: 0);
        if (
            _runs.TryGetValue(run, out var known)
            && known.Entry == entry
            && known.Type == type
            && known.Probe.Device == device
        )
        {
            _folder.Touch(entry);
            return known.Probe;
        }

        Forget(run);
        var found = await WithEntryAsync(
                claims.Source,
                claims.Run,
                folder => Open(run, folder, entry, type, device),
                cancellation
            )
            .ConfigureAwait(false);
        _runs[run] = found;
        return found.Probe;
    }

    /// <inheritdoc/>
    public Task<Checkpoint> GetCheckpointAsync(
        string run,
        long checkpointStep,
        JobClaims claims,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(claims);
        var known = _runs.GetValueOrDefault(run)
            ?? throw new InvalidOperationException($"the objective of '{run}' was not got before its checkpoint");
        Need(CacheFolder.NameOf(Checked(claims.Checkpoint)), place: 1);
        return WithEntryAsync(
            claims.Source,
            claims.Checkpoint,
            folder => known.Bundle.WithCheckpointsIn(folder).ReadCheckpoint(checkpointStep, known.Layout),
            cancellation
        );
    }

    /// <inheritdoc/>
    public void Forget(string run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (_runs.TryRemove(run, out var known))
        {
            known.Probe.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string run in _runs.Keys)
        {
            Forget(run);
        }

        _fetcher.Dispose();
        _folder.Dispose();
    }

    private static KnownRun Open(string run, string folder, string entry, ElementType? type, Device device)
    {
        var bundle = RunBundle.Open(folder);
        if (bundle.Manifest.Run != run)
        {
            throw new BundleException(
                folder,
                "run",
                $"is '{bundle.Manifest.Run}' where the job is of '{run}'",
                "offer the job with the files of its run"
            );
        }

        var source = BundleProbeSource.Open(bundle, type, device);
        return new KnownRun(entry, type, bundle, source.Layout, new RunProbe(run, source));
    }

    // Names come from a message: none of them may lead out of the folder.
    private static IReadOnlyList<BlobClaim> Checked(IReadOnlyList<BlobClaim> claims)
    {
        foreach (var claim in claims)
        {
            bool isInside =
                claim.Name.Length > 0
                && !claim.Name.Contains('\\', StringComparison.Ordinal)
                && !claim.Name.Any(char.IsControl)
                && claim.Name.Split('/').All(part => part is not ("" or "." or ".."));
            if (!isInside || !FileHash.IsHash(claim.Sha256) || claim.Bytes < 0)
            {
                throw new ClaimException(
                    "a file of the job has a name, a hash or a length that cannot be",
                    isMissing: false
                );
            }
        }

        return claims;
    }

    private async Task<T> WithEntryAsync<T>(
        Uri source,
        IReadOnlyList<BlobClaim> claims,
        Func<string, T> read,
        CancellationToken cancellation
    )
    {
        string entry = CacheFolder.NameOf(claims);
        for (int attempt = 1; ; attempt++)
        {
            await EnsureAsync(entry, source, claims, cancellation).ConfigureAwait(false);
            try
            {
                // Reading is long and does not wait for anything but the disk.
                return await Task.Run(() => read(_folder.PathOf(entry)), cancellation).ConfigureAwait(false);
            }
            catch (BundleException) when (attempt < Tries && !Directory.Exists(_folder.PathOf(entry)))
            {
                // Another worker needed the room.
            }
        }
    }

    private void Need(string entry, int place)
    {
        _needed.RemoveRange(place, _needed.Count - place);
        _needed.Add(entry);
    }

    private async Task EnsureAsync(
        string entry,
        Uri source,
        IReadOnlyList<BlobClaim> claims,
        CancellationToken cancellation
    )
    {
        if (Directory.Exists(_folder.PathOf(entry)))
        {
            _folder.Touch(entry);
            if (await Task.Run(() => IsWhole(_folder.PathOf(entry), claims), cancellation).ConfigureAwait(false))
            {
                return;
            }

            _folder.Remove(entry);
        }

        try
        {
            await FetchAsync(entry, source, claims, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClaimException(
                $"{_folder.PathOf(entry)}: cannot be written ({exception.Message}); check --cache-dir and the space "
                    + $"left",
                isMissing: false,
                exception
            );
        }
    }

    private async Task FetchAsync(
        string entry,
        Uri source,
        IReadOnlyList<BlobClaim> claims,
        CancellationToken cancellation
    )
    {
        long bytes = claims.Sum(claim => claim.Bytes);
        if (!_folder.MakeRoom(entry, bytes, _needed))
        {
            throw new ClaimException(
                $"the files of the job take {bytes} bytes, and the worker's cache holds {_maximumBytes}: give it more "
                    + $"with --cache-size",
                isMissing: false
            );
        }

        string made = _folder.Begin();
        try
        {
            foreach (var claim in claims)
            {
                string path = Path.Combine(made, claim.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await _fetcher.FetchAsync(source, claim, path, cancellation).ConfigureAwait(false);
            }

            _folder.Commit(made, entry);
        }
        catch
        {
            CacheFolder.Delete(made);
            throw;
        }
    }

    private static bool IsWhole(string folder, IReadOnlyList<BlobClaim> claims)
    {
        try
        {
            return claims.All(claim => FileHash.Claim(folder, Path.Combine(folder, claim.Name)) == claim);
        }
        catch (BundleException)
        {
            return false;
        }
    }

    private sealed record KnownRun(
        string Entry,
        ElementType? Type,
        RunBundle Bundle,
        CheckpointLayout Layout,
        RunProbe Probe
    );
}
