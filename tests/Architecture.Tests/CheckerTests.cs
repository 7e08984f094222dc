namespace CurvatureMonitor.Architecture.Tests;

/// <summary>The checks find what is wrong in small inputs, and nothing where nothing is wrong.</summary>
public sealed class CheckerTests
{
    private const string Page = """
        ## Projects

        | floor | project | for | references | packages |
        |---|---|---|---|---|
        | 0 | `src/Low` | data | – | – |
        | 1 | `src/High` | work | Low | `Some.Package`, `Microsoft.AspNetCore.App` |

        ## Folders

        | project | folders |
        |---|---|
        | `src/High` | Upper, Lower, (root) |
        | `src/Low` | in no order yet |
        """;

    private static readonly ArchitectureTables Tables = ArchitectureTables.Parse(Page);

    [Fact]
    public void Tables_are_read()
    {
        Assert.Equal(["src/Low", "src/High"], Tables.Projects.Select(rule => rule.Project));
        Assert.Equal(["src/Low"], Tables.Projects[1].References);
        Assert.Equal(["Some.Package", "Microsoft.AspNetCore.App"], Tables.Projects[1].Packages);
        Assert.Equal(["Upper", "Lower", "(root)"], Tables.Folders[0].Folders);
        Assert.Empty(Tables.Folders[1].Folders);
    }

    [Fact]
    public void References_of_a_row_are_allowed()
    {
        const string high = """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <ItemGroup>
                <PackageReference Include="Some.Package" />
                <ProjectReference Include="../Low/Low.csproj" />
              </ItemGroup>
            </Project>
            """;
        Assert.Empty(References(high, "<Project />"));
    }

    [Fact]
    public void A_reference_upwards_a_package_and_a_framework_that_no_row_has_are_found()
    {
        const string low = """
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <ItemGroup>
                <PackageReference Include="Some.Package" />
                <ProjectReference Include="../High/High.csproj" />
              </ItemGroup>
            </Project>
            """;
        Assert.Equal(
            [
                "src/Low must not refer to src/High",
                "src/Low must not refer to Some.Package",
                "src/Low must not refer to Microsoft.AspNetCore.App",
            ],
            References("<Project />", low)
        );
    }

    [Fact]
    public void Projects_without_row_and_rows_without_project_are_found() =>
        Assert.Equal(
            [
                "src/New has no row in the projects table",
                "src/Low has a row in the projects table and no project file",
                "src/High has a row in the projects table and no project file",
            ],
            ReferenceCheck.Violations(Tables.Projects, [ProjectFile.Parse("src/New/New.csproj", "<Project />")])
        );

    [Fact]
    public void Folders_may_use_those_to_their_right() =>
        Assert.Empty(
            Folders(
                (
                    "Upper/A.cs",
                    "using CurvatureMonitor.High.Lower; namespace CurvatureMonitor.High.Upper; class A : B;"
                ),
                ("Lower/B.cs", "namespace CurvatureMonitor.High.Lower; class B { Shared? S; }"),
                ("Shared.cs", "namespace CurvatureMonitor.High; class Shared;")
            )
        );

    [Theory]
    [InlineData("using CurvatureMonitor.High.Upper; namespace CurvatureMonitor.High.Lower; class B : A;")]
    [InlineData("using static CurvatureMonitor.High.Upper.A; namespace CurvatureMonitor.High.Lower; class B;")]
    [InlineData("using X = CurvatureMonitor.High.Upper.A; namespace CurvatureMonitor.High.Lower; class B : X;")]
    [InlineData("namespace CurvatureMonitor.High.Lower; class B : CurvatureMonitor.High.Upper.A;")]
    [InlineData("namespace CurvatureMonitor.High.Lower; class B { object O = new Upper.A(); }")]
    [InlineData("namespace CurvatureMonitor.High.Lower; class B { int N = Upper.A.N; }")]
    public void A_use_of_a_folder_to_the_left_is_found(string text)
    {
        string violation = Assert.Single(
            Folders(
                    ("Upper/A.cs", "namespace CurvatureMonitor.High.Upper; class A { public const int N = 1; }"),
                    ("Lower/B.cs", text)
                )
                .Select(line => line[..line.IndexOf(" (", StringComparison.Ordinal)])
                .Distinct()
        );
        Assert.Equal("src/High/Lower/B.cs: Lower must not use Upper", violation);
    }

    [Fact]
    public void A_type_of_an_enclosing_namespace_is_found_though_no_using_names_it()
    {
        var rule = new FolderRule("src/High", [FolderRule.Root, "Lower"]);
        SourceFile[] files =
        [
            new("src/High/Top.cs", "namespace CurvatureMonitor.High; class Top;"),
            new("src/High/Lower/B.cs", "namespace CurvatureMonitor.High.Lower; class B { Top? T; int Top2 = 1; }"),
        ];
        Assert.Equal(
            ["src/High/Lower/B.cs: Lower must not use (root) (Top)"],
            FolderCheck.Violations(rule, "CurvatureMonitor.High", files)
        );
    }

    [Fact]
    public void A_folder_that_the_row_has_not_is_found() =>
        Assert.Equal(
            ["src/High/Other/C.cs: the folder Other is not in the row of src/High"],
            Folders(("Other/C.cs", "namespace CurvatureMonitor.High.Other; class C;"))
        );

    [Fact]
    public void Long_lines_and_long_files_are_found()
    {
        SourceFile[] files =
        [
            new("wide.cs", $"class A;\n// {new string('x', 118)}\n// {new string('x', 117)}\n"),
            new("long.cs", string.Concat(Enumerable.Repeat("\n", 300)) + "class B;\n"),
            new("full.cs", string.Concat(Enumerable.Repeat("\n", 299)) + "class B;\n"),
        ];
        Assert.Equal(["wide.cs:2 has 121 columns"], SizeCheck.LongLines(files));
        Assert.Equal(["long.cs has 301 lines"], SizeCheck.LongFiles(files));
        Assert.Equal(300, SizeCheck.Median(files));
    }

    private static IReadOnlyList<string> References(string high, string low) =>
        ReferenceCheck.Violations(
            Tables.Projects,
            [ProjectFile.Parse("src/High/High.csproj", high), ProjectFile.Parse("src/Low/Low.csproj", low)]
        );

    private static IReadOnlyList<string> Folders(params (string Path, string Text)[] files) =>
        FolderCheck.Violations(
            Tables.Folders[0],
            "CurvatureMonitor.High",
            [.. files.Select(file => new SourceFile($"src/High/{file.Path}", file.Text))]
        );
}
