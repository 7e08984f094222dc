using System.Text.RegularExpressions;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Journals;

/// <summary>
/// What the server keeps: <c>history/RUN.jsonl</c> of every run, <c>bundles/RUN</c> of those that came over HTTP,
/// <c>staging</c> for what is being received, <c>inspected</c> for what was found in bundles, <c>cluster</c> for the
/// jobs that workers have. Locked while it is open: two servers that wrote the same journals would spoil them.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string root, FileStream held)
    {
        Root = root;
        _lock = held;
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Where bundles that came over HTTP are.</summary>
    public string Bundles => Path.Combine(Root, "bundles");

    /// <summary>Where a bundle or checkpoint is while it is received.</summary>
    public string Staging => Path.Combine(Root, "staging");

    /// <summary>Where histories are.</summary>
    public string History => Path.Combine(Root, "history");

    /// <summary>What was found in bundles that other processes opened.</summary>
    public static string Inspected(string root) => Path.Combine(Path.GetFullPath(root), "inspected");

    /// <summary>What the host keeps of the jobs that workers have.</summary>
    public string Cluster => Path.Combine(Root, "cluster");

    /// <summary>
    /// What tells this folder from those of other hosts of one cluster: whoever has the folder continues with the jobs
    /// that were begun from it.
    /// </summary>
    /// <exception cref="BundleException">It cannot be written.</exception>
    public string Instance()
    {
        string path = Path.Combine(Cluster, "instance");
        try
        {
            if (
                File.Exists(path)
                && File.ReadAllText(path).Trim() is { Length: > 0 } known
                && known.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            )
            {
                return known;
            }

            string made = Guid.NewGuid().ToString("N")[..12];
            Directory.CreateDirectory(Cluster);
            File.WriteAllText(path + ".new", made);
            File.Move(path + ".new", path, overwrite: true);
            return made;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                path,
                null,
                $"cannot be written ({exception.Message})",
                "choose a folder that may be written, with --data-dir",
                exception
            );
        }
    }

    /// <summary>Opens the folder, makes it where needed, and removes what an earlier process left unfinished.</summary>
    /// <exception cref="BundleException">It cannot be written, or another server has it.</exception>
    public static DataDirectory Open(string root)
    {
        try
        {
            root = Path.GetFullPath(root);
            Directory.CreateDirectory(root);
            string path = Path.Combine(root, "serve.lock");
            var held = Lock(root, path);
            var data = new DataDirectory(root, held);
            Directory.CreateDirectory(data.History);
            Directory.CreateDirectory(data.Bundles);
            if (Directory.Exists(data.Staging))
            {
                Directory.Delete(data.Staging, recursive: true);
            }

            Directory.CreateDirectory(data.Staging);
            foreach (string bundle in Directory.EnumerateDirectories(data.Bundles))
            {
                RunBundle.RemoveUnfinished(bundle);
            }

            return data;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                root,
                null,
                $"cannot be used to keep runs ({exception.Message})",
                "choose a folder that may be written, with --data-dir",
                exception
            );
        }
    }

    /// <summary>The journal of a run; whether it is there or not.</summary>
    public string JournalPath(string run) => Path.Combine(History, run + RunJournal.Suffix);

    /// <summary>The journals that are there.</summary>
    public IReadOnlyList<string> Journals() =>
        [.. Directory.EnumerateFiles(History, "*" + RunJournal.Suffix).Order(StringComparer.Ordinal)];

    /// <summary>The folder of a run that comes over HTTP; whether it is there or not.</summary>
    public string BundlePath(string run) => Path.Combine(Bundles, run);

    /// <summary>
    /// A message for a client: one line, with the names of its own files and not of this server's folders.
    /// </summary>
    public string Hide(string message)
    {
        string line = message.ReplaceLineEndings(" ");
        foreach (string folder in new[] { Staging, Bundles })
        {
            // Up to the bundle's own folder: staging/4f2c…/model.pt is the client's model.pt.
            string pattern =
                Regex.Escape(folder + Path.DirectorySeparatorChar)
                + $"[^{Path.DirectorySeparatorChar} :]+{Path.DirectorySeparatorChar}?";
            line = Regex.Replace(line, pattern, string.Empty);
        }

        return Regex
            .Replace(line, @"\.[0-9a-f]{32}\.unfinished", string.Empty)
            .Replace(Root, string.Empty, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string root, string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new BundleException(
                root,
                null,
                "is in use by another 'curvature serve'",
                "stop that one, or choose another --data-dir",
                exception
            );
        }
    }
}
