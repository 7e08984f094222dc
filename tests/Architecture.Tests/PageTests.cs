namespace CurvatureMonitor.Architecture.Tests;

/// <summary>The page for people who change the program says what is there.</summary>
public sealed class PageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md"));

    [Fact]
    public void Paths_that_the_page_names_exist() =>
        Assert.Equal([], PageCheck.MissingPaths(Page, path => Path.Exists(Path.Combine(Repository.Root, path))));

    [Fact]
    public void Lines_that_the_page_quotes_are_those_of_the_files() =>
        Assert.Equal([], PageCheck.StaleLines(Page, path => File.ReadAllText(Path.Combine(Repository.Root, path))));

    [Fact]
    public void A_path_that_leads_nowhere_is_found_and_what_is_no_path_is_not()
    {
        const string page = """
            `src/Here.cs`, `src/Gone.cs`, `dotnet test tests/Gone`, `/metrics`, `--out FILE`, `λ/2`, `run`, `Gone.md`

            ```csharp src/Away.cs
            `src/InCode.cs`
            ```
            """;
        Assert.Equal(
            ["src/Gone.cs", "tests/Gone", "Gone.md", "src/Away.cs"],
            PageCheck.MissingPaths(page, path => path == "src/Here.cs")
        );
    }

    [Fact]
    public void A_line_that_a_file_no_longer_has_is_found_whatever_its_indentation()
    {
        const string page = """
            ```csharp src/A.cs
            int one = 1;
            …
            int two = 2;
            ```

            ```
            no quotation
            ```
            """;
        Assert.Equal(
            ["src/A.cs does not have: int two = 2;"],
            PageCheck.StaleLines(page, _ => "    int one = 1;\n    int two = 3;\n")
        );
    }
}
