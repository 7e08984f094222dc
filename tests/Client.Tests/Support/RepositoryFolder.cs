namespace CurvatureMonitor.Client.Tests.Support;

/// <summary>Where the Python files lie: the tests run from the repository that they were built in.</summary>
internal static class RepositoryFolder
{
    internal static string Root { get; } = Find();

    internal static string PythonClient => Path.Combine(Root, "clients", "python");

    internal static string Example(string name) => Path.Combine(Root, "examples", name);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CurvatureMonitor.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no folder above {AppContext.BaseDirectory} holds CurvatureMonitor.sln");
    }
}
