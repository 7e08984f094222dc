namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// Keeps what a bundle names inside it: a bundle may come from a stranger, and a link in it must not make this process
/// read what is not its own.
/// </summary>
internal static class BundlePath
{
    // As the kernels that have a limit.
    private const int MostLinks = 40;

    /// <summary>Makes sure that a file of a bundle lies in the bundle's folder, whatever links lead to it.</summary>
    /// <param name="directory">The bundle's folder, which may be reached by links.</param>
    /// <param name="path">A file or folder in it, there or not.</param>
    /// <exception cref="BundleException">A link leads out of the folder, or in a circle.</exception>
    public static void RequireInside(string directory, string path)
    {
        string root = Resolve(directory, directory);
        string target = Resolve(path, path);
        if (!target.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new BundleException(
                path,
                null,
                "is a link that leads out of the bundle",
                "put the file itself there"
            );
        }
    }

    private static string Resolve(string path, string named)
    {
        int links = 0;
        var open = new Stack<string>(Parts(Path.GetFullPath(path)));
        string current = Path.GetPathRoot(Path.GetFullPath(path))!;
        while (open.TryPop(out string? part))
        {
            string next = Path.Combine(current, part);
            string? link = new FileInfo(next).LinkTarget;
            if (link is null)
            {
                current = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new BundleException(named, null, "is a link that leads in a circle", "put the file itself there");
            }

            string target = Path.GetFullPath(link, current);
            current = Path.GetPathRoot(target)!;
            foreach (string piece in Parts(target))
            {
                open.Push(piece);
            }
        }

        return Path.TrimEndingDirectorySeparator(current);
    }

    // Deepest first, so that pushing them one by one leaves the first on top.
    private static IEnumerable<string> Parts(string full) =>
        full[Path.GetPathRoot(full)!.Length..]
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries)
            .Reverse();
}
