namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>A folder for one test, removed after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("host-test-").FullName;

    internal string this[string name] => Path.Combine(Root, name);

    /// <summary>A copy of a case, to be damaged.</summary>
    internal string CopyCase(string name)
    {
        string source = CasesFolder.Case(name);
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Root, name, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return this[name];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
