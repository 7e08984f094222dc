namespace CurvatureMonitor.Architecture.Tests;

/// <summary>Folders against their rows.</summary>
public sealed class FolderCheckTests
{
    [Fact]
    public void Folders_may_use_those_to_their_right() =>
        Assert.Empty(
            FolderViolations(
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
            FolderViolations(
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
            FolderViolations(("Other/C.cs", "namespace CurvatureMonitor.High.Other; class C;"))
        );

    private static IReadOnlyList<string> FolderViolations(params (string Path, string Text)[] files) =>
        FolderCheck.Violations(
            SmallPage.Tables.Folders[0],
            "CurvatureMonitor.High",
            [.. files.Select(file => new SourceFile($"src/High/{file.Path}", file.Text))]
        );
}
