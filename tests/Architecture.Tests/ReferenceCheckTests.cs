namespace CurvatureMonitor.Architecture.Tests;

/// <summary>References of projects against their rows.</summary>
public sealed class ReferenceCheckTests
{
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
        Assert.Empty(ReferenceViolations(high, "<Project />"));
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
            ReferenceViolations("<Project />", low)
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
            ReferenceCheck.Violations(
                SmallPage.Tables.Projects,
                [ProjectFile.Parse("src/New/New.csproj", "<Project />")]
            )
        );

    private static IReadOnlyList<string> ReferenceViolations(string high, string low) =>
        ReferenceCheck.Violations(
            SmallPage.Tables.Projects,
            [ProjectFile.Parse("src/High/High.csproj", high), ProjectFile.Parse("src/Low/Low.csproj", low)]
        );
}
