namespace CurvatureMonitor.Architecture.Tests;

/// <summary>Sizes of files.</summary>
public sealed class SizeCheckTests
{
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
}
