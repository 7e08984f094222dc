namespace CurvatureMonitor.Storage.Credentials;

/// <summary>
/// Credentials for a host and the workers that it starts itself, in a private folder that lives as long as the process.
/// Their authority has signed two certificates, and its key is nowhere.
/// </summary>
public sealed class LoopbackCredentials : IDisposable
{
    private const string Prefix = "curvature-loopback-";
    private const string LockSuffix = ".lock";

    // No process that is still there may outlive them.
    private const int Days = 3650;

    private readonly FileStream _lock;
    private readonly string _root;

    private LoopbackCredentials(FileStream held, string root) => (_lock, _root) = (held, root);

    /// <summary>The host's folder.</summary>
    public string Host => Path.Combine(_root, "host");

    /// <summary>The folder of all its workers.</summary>
    public string Worker => Path.Combine(_root, "worker");

    /// <summary>Makes them, and removes those of processes that ended without doing so.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="parent">Where the folder is made; null for the machine's temporary folder.</param>
    /// <exception cref="Contracts.Errors.UserErrorException">They cannot be written.</exception>
    public static LoopbackCredentials Create(TimeProvider time, string? parent = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        parent ??= Path.GetTempPath();
        try
        {
            RemoveLeftOvers(parent, time);

            // The lock comes before the folder: a folder whose lock is free has nobody.
            string root = Path.Combine(parent, Prefix + Guid.NewGuid().ToString("N"));
            var credentials = new LoopbackCredentials(Lock(root + LockSuffix, FileMode.CreateNew), root);
            try
            {
                CredentialFiles.CreateFolder(root);
                var now = time.GetUtcNow();
                using var authority = Certificates.CreateAuthority(now, Days);
                foreach (var role in Enum.GetValues<MemberRole>())
                {
                    MemberFolder.Issue(root, authority, MemberIdentity.Local(role), null, now, Days);
                }

                return credentials;
            }
            catch
            {
                credentials.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Contracts.Errors.UserErrorException(
                $"{parent}: credentials for this machine's workers cannot be written ({exception.Message})",
                "set TMPDIR to a folder that may be written",
                exception
            );
        }
    }

    /// <summary>Removes them.</summary>
    public void Dispose()
    {
        CredentialFiles.DeleteFolder(_root);
        AtomicFile.TryDelete(_root + LockSuffix);
        _lock.Dispose();
    }

    private static void RemoveLeftOvers(string parent, TimeProvider time)
    {
        // A lock alone, and a young one, is of a process that makes its folder now.
        var young = time.GetUtcNow() - TimeSpan.FromMinutes(1);
        var locks = Directory
            .EnumerateFiles(parent, Prefix + "*" + LockSuffix)
            .Where(path => File.GetLastWriteTimeUtc(path) < young.UtcDateTime)
            .Select(path => path[..^LockSuffix.Length]);
        foreach (string root in Directory.EnumerateDirectories(parent, Prefix + "*").Union(locks).ToList())
        {
            try
            {
                using var free = Lock(root + LockSuffix, FileMode.OpenOrCreate);
                CredentialFiles.DeleteFolder(root);
                AtomicFile.TryDelete(root + LockSuffix);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Its process is there, or it is another user's.
            }
        }
    }

    private static FileStream Lock(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, FileShare.None);
}
