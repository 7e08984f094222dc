namespace CurvatureMonitor.Architecture.Tests;

/// <summary>The tables of <c>docs/architecture.md</c>.</summary>
/// <param name="Projects">Who may refer to whom.</param>
/// <param name="Folders">Which folder may use which, within a project.</param>
internal sealed record ArchitectureTables(IReadOnlyList<ProjectRule> Projects, IReadOnlyList<FolderRule> Folders)
{
    private const string NoOrder = "in no order yet";

    /// <summary>Reads the first table below each of the headings "Projects" and "Folders".</summary>
    /// <param name="markdown">The page.</param>
    public static ArchitectureTables Parse(string markdown) =>
        new(
            [
                .. Rows(markdown, "Projects")
                    .Select(cells => new ProjectRule(cells[1], [.. Items(cells[3]).Select(Folder)], Items(cells[4]))),
            ],
            [
                .. Rows(markdown, "Folders")
                    .Select(cells => new FolderRule(cells[0], cells[1] == NoOrder ? [] : Items(cells[1]))),
            ]
        );

    private static IEnumerable<string[]> Rows(string markdown, string heading)
    {
        var section = markdown.Split('\n').SkipWhile(line => line != $"## {heading}").Skip(1);
        return section
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line =>
                line.Trim()
                    .Trim('|')
                    .Split('|')
                    .Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal))
                    .ToArray()
            );
    }

    private static string[] Items(string cell) =>
        cell == "–" ? [] : cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Folder(string project) => $"src/{project}";
}
