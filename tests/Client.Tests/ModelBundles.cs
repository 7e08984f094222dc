using System.Text.Json;
using CurvatureMonitor.Client.Tests.Support;

namespace CurvatureMonitor.Client.Tests;

/// <summary>
/// The bundles that a script, <c>models.py</c> if no other, writes with the client, and what PyTorch says of each; made
/// once for all tests.
/// </summary>
public class ModelBundles : IAsyncLifetime
{
    private JsonDocument? _expected;

    /// <summary>The script, in the folder of the client's tests.</summary>
    protected virtual string Script => "models.py";

    public string Folder { get; } = Directory.CreateTempSubdirectory("client-test-").FullName;

    public JsonElement Expected(string name) => _expected!.RootElement.GetProperty(name);

    public IEnumerable<string> Names() => _expected!.RootElement.EnumerateObject().Select(model => model.Name);

    public async Task InitializeAsync()
    {
        Python run = await Python.RunAsync(RepositoryFolder.PythonClient, Path.Combine("tests", Script), Folder);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(string.Empty, run.Errors);
        _expected = JsonDocument.Parse(run.Output);
    }

    public Task DisposeAsync()
    {
        _expected?.Dispose();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
