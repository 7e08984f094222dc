namespace CurvatureMonitor.Storage.Tests.Formats;

/// <summary>
/// Files that an earlier version wrote (commit e72dacd), byte for byte: the program must read them as it did then.
/// </summary>
internal static class EarlierFiles
{
    internal const string Events = "events.jsonl";

    internal const string Measurements = "measurements.jsonl";

    internal static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Formats", "Fixtures", name);

    /// <summary>The lines of a journal, less its header.</summary>
    internal static string[] Lines(string journal) => File.ReadAllLines(PathOf(journal))[1..];

    /// <summary>Copies a file or a folder to where a test may write.</summary>
    /// <returns>The copy.</returns>
    internal static string Copy(string name, TemporaryFolder folder)
    {
        string source = PathOf(name);
        string copy = folder[name];
        foreach (
            string file in File.Exists(source) ? [source] : Directory.GetFiles(source, "*", SearchOption.AllDirectories)
        )
        {
            string target = file == source ? copy : Path.Combine(copy, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }
}
