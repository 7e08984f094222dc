namespace CurvatureMonitor.Storage.Tests;

/// <summary>
/// The reference cases that lie beside the repository, in <c>../shared/cases</c> or where CURVATURE_CASES says.
/// </summary>
internal static class CasesFolder
{
    private const string Variable = "CURVATURE_CASES";

    /// <summary>The folder of one case.</summary>
    public static string Case(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The names of all cases.</summary>
    public static TheoryData<string> Names =>
        [.. Directory.GetDirectories(Path).Select(folder => System.IO.Path.GetFileName(folder)).Order()];

    private static string Path { get; } = Find();

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return Directory.Exists(given)
                ? given
                : throw new DirectoryNotFoundException($"{Variable} names {given}, which is not a directory");
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = System.IO.Path.Combine(folder.FullName, "shared", "cases");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException(
            $"no folder shared/cases above {AppContext.BaseDirectory}; set {Variable} to the folder of the reference "
                + $"cases"
        );
    }
}
