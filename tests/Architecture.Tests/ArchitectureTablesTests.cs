namespace CurvatureMonitor.Architecture.Tests;

/// <summary>The tables are read.</summary>
public sealed class ArchitectureTablesTests
{
    [Fact]
    public void Tables_are_read()
    {
        Assert.Equal(["src/Low", "src/High"], SmallPage.Tables.Projects.Select(rule => rule.Project));
        Assert.Equal(["src/Low"], SmallPage.Tables.Projects[1].References);
        Assert.Equal(["Some.Package", "Microsoft.AspNetCore.App"], SmallPage.Tables.Projects[1].Packages);
        Assert.Equal(["Upper", "Lower", "(root)"], SmallPage.Tables.Folders[0].Folders);
        Assert.Empty(SmallPage.Tables.Folders[1].Folders);
    }
}
