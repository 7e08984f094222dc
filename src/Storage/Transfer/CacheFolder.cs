using System.Security.Cryptography;
using System.Text;

namespace CurvatureMonitor.Storage.Transfer;

/// <summary>
/// The folder of a worker's cache. An entry is a folder named after the content of its files; it is made elsewhere and
/// appears whole, by rename, and goes in the same way. So several workers may use one folder without a lock: what one
/// removes while another looks at it is fetched again.
/// </summary>
public sealed class CacheFolder : IDisposable
{
    private const string Entries = "entries";
    private const string Unfinished = "unfinished";
    private const string LockSuffix = ".lock";
    private const int CommitTries = 5;

    private readonly string _root;
    private readonly string _own;
    private readonly long _maximumBytes;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private readonly Lock _uses = new();
    private DateTime _lastUse;

    /// <summary>Opens the folder, and removes what workers that were killed left unfinished.</summary>
    /// <exception cref="BundleException">It cannot be used.</exception>
    public CacheFolder(string root, long maximumBytes, TimeProvider time)
    {
        _root = Path.GetFullPath(root);
        _maximumBytes = maximumBytes;
        _time = time;
        _own = Path.Combine(_root, Unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(Path.Combine(_root, Entries));
            Directory.CreateDirectory(Path.Combine(_root, Unfinished));
            RemoveLeftovers();
            _lock = new FileStream(_own + LockSuffix, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            Directory.CreateDirectory(_own);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                _root,
                null,
                $"cannot be used to keep files ({exception.Message})",
                "choose a folder that may be written, with --cache-dir",
                exception
            );
        }
    }

    /// <summary>The name of an entry with these files.</summary>
    public static string NameOf(IEnumerable<BlobClaim> claims)
    {
        var text = new StringBuilder();
        foreach (var claim in claims.OrderBy(claim => claim.Name, StringComparer.Ordinal))
        {
            text.Append(claim.Sha256).Append(' ').Append(claim.Name).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Where an entry is, or would be.</summary>
    public string PathOf(string entry) => Path.Combine(_root, Entries, entry);

    /// <summary>A new folder to make an entry in.</summary>
    public string Begin()
    {
        string folder = Path.Combine(_own, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Puts a finished entry in its place. Where another worker was quicker, its own is as good.</summary>
    public void Commit(string made, string entry)
    {
        // The file system's own time of the folder comes from a coarser clock than Touch's, some milliseconds behind.
        Directory.SetLastWriteTimeUtc(made, NextUse());
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Move(made, PathOf(entry));
                return;
            }
            catch (IOException) when (Directory.Exists(PathOf(entry)))
            {
                Delete(made);
                return;
            }
            catch (IOException) when (attempt < CommitTries)
            {
                // Another worker's was there, and is gone again.
            }
        }
    }

    /// <summary>An entry is used now: it goes last.</summary>
    public void Touch(string entry)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(PathOf(entry), NextUse());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another worker has removed it just now: whoever reads it fetches it again.
        }
    }

    /// <summary>Takes an entry away, at once for everybody.</summary>
    public void Remove(string entry)
    {
        string gone = Path.Combine(_own, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.Move(PathOf(entry), gone);
        }
        catch (IOException)
        {
            // Somebody else did.
            return;
        }

        Delete(gone);
    }

    /// <summary>Removes the entries that were used longest ago until another fits.</summary>
    /// <param name="entry">What is to come. Where another worker has just put it there, it takes no room of its
    /// own.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="needed">The entries that must stay.</param>
    /// <returns>Whether they fit.</returns>
    public bool MakeRoom(string entry, long bytes, IReadOnlyCollection<string> needed)
    {
        var entries = Directory
            .EnumerateDirectories(Path.Combine(_root, Entries))
            .Select(folder => new DirectoryInfo(folder))
            .Select(Measure)
            .OfType<Entry>()
            .ToList();
        long total = bytes + entries.Where(kept => kept.Name != entry).Sum(kept => kept.Bytes);
        foreach (
            var old in entries
                .Where(kept => kept.Name != entry && !needed.Contains(kept.Name))
                .OrderBy(kept => kept.Used)
                .TakeWhile(_ => total > _maximumBytes)
        )
        {
            Remove(old.Name);
            total -= old.Bytes;
        }

        return total <= _maximumBytes;
    }

    /// <summary>Removes a folder of one's own.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start removes it.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Delete(_own);
        _lock.Dispose();
        File.Delete(_own + LockSuffix);
    }

    // Later than every use before, also where the clock stands or is set back.
    private DateTime NextUse()
    {
        lock (_uses)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            return _lastUse = now > _lastUse ? now : _lastUse.AddTicks(1);
        }
    }

    private static Entry? Measure(DirectoryInfo folder)
    {
        try
        {
            return new Entry(
                folder.Name,
                folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
                folder.LastWriteTimeUtc
            );
        }
        catch (IOException)
        {
            // Another worker removes it.
            return null;
        }
    }

    // The lock of a process that lives cannot be had.
    private void RemoveLeftovers()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_root, Unfinished), "*" + LockSuffix))
        {
            try
            {
                using (new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.None))
                {
                    Delete(file[..^LockSuffix.Length]);
                }

                File.Delete(file);
            }
            catch (IOException)
            {
                // Its worker runs.
            }
        }
    }

    private sealed record Entry(string Name, long Bytes, DateTime Used);
}
