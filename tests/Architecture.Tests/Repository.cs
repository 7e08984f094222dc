using System.Runtime.CompilerServices;

namespace CurvatureMonitor.Architecture.Tests;

/// <summary>The repository on disk.</summary>
internal static class Repository
{
    private static readonly string[] NotSource = ["bin", "obj", "node_modules", "results"];

    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    /// <summary>The text of the page that holds the tables.</summary>
    public static string ArchitecturePage() => File.ReadAllText(Path.Combine(Root, "docs/architecture.md"));

    /// <summary>Every C# file, or those below a folder.</summary>
    public static IReadOnlyList<SourceFile> Sources(string folder = ".") =>
        [.. Files(folder, "*.cs").Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    /// <summary>Every project file below a folder.</summary>
    public static IReadOnlyList<ProjectFile> Projects(string folder) =>
        [
            .. Files(folder, "*.csproj")
                .Select(path => ProjectFile.Parse(path, File.ReadAllText(Path.Combine(Root, path)))),
        ];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        new DirectoryInfo(Path.Combine(Root, folder))
            .EnumerateDirectories()
            .Where(child => !NotSource.Contains(child.Name) && !child.Name.StartsWith('.'))
            .SelectMany(child => Files(Path.GetRelativePath(Root, child.FullName), pattern))
            .Concat(
                Directory
                    .EnumerateFiles(Path.Combine(Root, folder), pattern)
                    .Select(path => Path.GetRelativePath(Root, path))
            )
            .Order(StringComparer.Ordinal);

    private static string Find([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
}
