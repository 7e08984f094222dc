using System.Text.Json;
using CurvatureMonitor.Client.Tests.Support;

namespace CurvatureMonitor.Client.Tests;

/// <summary>
/// The bundles that <c>models.py</c> writes with the client, and what PyTorch says of each; made once for all tests.
/// </summary>
public sealed class ModelBundles : IAsyncLifetime
{
    private JsonDocument? _expected;

    public string Folder { get; } = Directory.CreateTempSubdirectory("client-test-").FullName;

    public JsonElement Expected(string name) => _expected!.RootElement.GetProperty(name);

    public IEnumerable<string> Names() => _expected!.RootElement.EnumerateObject().Select(model => model.Name);

    public async Task InitializeAsync()
    {
        Python run = await Python.RunAsync(RepositoryFolder.PythonClient, Path.Combine("tests", "models.py"), Folder);
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
