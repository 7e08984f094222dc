namespace CurvatureMonitor.Storage.Tests;

/// <summary>A folder for one test, removed after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("checkpoints-test-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
