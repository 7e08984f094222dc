using CurvatureMonitor.Client.Tests.Support;

namespace CurvatureMonitor.Client.Tests;

/// <summary>The client's own tests, which are written in Python.</summary>
public sealed class PythonUnitTests
{
    public static TheoryData<string> Modules =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(RepositoryFolder.PythonClient, "tests"), "test_*.py")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void The_modules_are_found() => Assert.True(Modules.Count >= 6);

    [Theory]
    [MemberData(nameof(Modules))]
    public async Task A_module_passes(string module)
    {
        Python run = await Python.RunAsync(RepositoryFolder.PythonClient, "-m", "unittest", $"tests.{module}");
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Matches(@"Ran [1-9]\d* tests? in", run.Errors);
    }
}
