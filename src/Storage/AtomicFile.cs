namespace CurvatureMonitor.Storage;

/// <summary>Files that appear under their name whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>What unfinished files end with; readers of bundles pass them over.</summary>
    public const string UnfinishedSuffix = ".unfinished";

    /// <summary>Writes beside the target, flushes to the disk, and renames.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="mode">Who may read it, from its first byte on; null for what the process gives all files.</param>
    /// <param name="isDurable">Whether that holds also when the machine stops in between, for which the disk is waited
    /// for.</param>
    /// <exception cref="BundleException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write, UnixFileMode? mode = null, bool isDurable = true)
    {
        ArgumentNullException.ThrowIfNull(write);

        // A name of its own for each writer: two that write the same file leave one of the two whole contents.
        string unfinished = $"{path}.{Guid.NewGuid():N}{UnfinishedSuffix}";
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 1 << 16,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = mode;
            }

            using (var stream = new FileStream(unfinished, options))
            {
                write(stream);
                stream.Flush(flushToDisk: isDurable);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(unfinished);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new BundleException(
                    path,
                    null,
                    $"cannot be written ({e.Message})",
                    "check the folder, its permissions and the space left",
                    e
                );
            }

            throw;
        }
    }

    /// <summary>Deletes a file if it is there and may be deleted.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Leaving a file behind is no reason to fail what was asked for.
        }
    }
}
