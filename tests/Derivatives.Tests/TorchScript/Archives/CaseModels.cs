namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>The TorchScript files of the reference cases, which PyTorch 1.13 wrote.</summary>
internal static class CaseModels
{
    internal static string Folder { get; } = FindFolder();

    internal static string[] Paths { get; } =
    [
        .. Directory.GetFiles(Folder, "model.pt", SearchOption.AllDirectories).Order(),
    ];

    internal static TheoryData<string> Names =>
        [.. Paths.Select(path => Path.GetFileName(Path.GetDirectoryName(path)!))];

    internal static string PathOf(string name) => Path.Combine(Folder, name, "model.pt");

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string cases = Path.Combine(folder.FullName, "tests", "cases");
            if (Directory.Exists(cases))
            {
                return cases;
            }
        }

        throw new DirectoryNotFoundException("there is no folder tests/cases above the tests");
    }
}
