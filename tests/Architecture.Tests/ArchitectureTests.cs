namespace CurvatureMonitor.Architecture.Tests;

/// <summary>The repository keeps to the tables of <c>docs/architecture.md</c> and to the bounds of its files.</summary>
public sealed class ArchitectureTests
{
    private static readonly ArchitectureTables Tables = ArchitectureTables.Parse(Repository.ArchitecturePage());

    public static TheoryData<string> OrderedProjects =>
        [.. Tables.Folders.Where(rule => rule.Folders.Count > 0).Select(rule => rule.Project)];

    [Fact]
    public void Projects_refer_to_what_their_row_has() =>
        AssertNone(ReferenceCheck.Violations(Tables.Projects, Repository.Projects("src")));

    [Fact]
    public void Every_project_with_folders_has_a_row_in_the_folders_table()
    {
        var withFolders = Repository
            .Projects("src")
            .Select(project => project.Path)
            .Where(project => Repository.Sources(project).Any(file => file.Path[(project.Length + 1)..].Contains('/')));
        Assert.Equal(
            withFolders.Order(StringComparer.Ordinal),
            Tables.Folders.Select(rule => rule.Project).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(OrderedProjects))]
    public void Folders_use_those_to_their_right(string project)
    {
        var rule = Tables.Folders.Single(rule => rule.Project == project);
        string rootNamespace = $"CurvatureMonitor.{Path.GetFileName(project)}";
        AssertNone(FolderCheck.Violations(rule, rootNamespace, Repository.Sources(project)));
    }

    [Fact]
    public void Imports_are_in_order() => AssertNone(ImportsCheck.OutOfOrder(Repository.Sources()));

    [Fact]
    public void A_line_has_at_most_120_columns() => AssertNone(SizeCheck.LongLines(Repository.Sources()));

    [Fact]
    public void A_file_has_at_most_300_lines() => AssertNone(SizeCheck.LongFiles(Repository.Sources()));

    [Fact]
    public void Half_of_the_files_have_fewer_than_50_lines() =>
        Assert.InRange(SizeCheck.Median(Repository.Sources()), 1, SizeCheck.MaxMedian);

    private static void AssertNone(IReadOnlyList<string> violations) =>
        Assert.True(violations.Count == 0, string.Join('\n', violations));
}
