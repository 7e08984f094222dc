using System.Text.Json;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// The reference cases that lie beside the repository, in <c>../shared/cases</c> or where CURVATURE_CASES says.
/// </summary>
internal static class CasesFolder
{
    private const string Variable = "CURVATURE_CASES";

    internal static IReadOnlyList<string> Names =>
        [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order()];

    private static string Root { get; } = Find();

    internal static string Case(string name) => Path.Combine(Root, name);

    internal static JsonElement Expected(string name) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Case(name), "expected.json"))).RootElement;

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
            string candidate = Path.Combine(folder.FullName, "shared", "cases");
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
