namespace CurvatureMonitor.Architecture.Tests;

/// <summary>Holds files against the bounds of their size.</summary>
internal static class SizeCheck
{
    /// <summary>The most columns of a line.</summary>
    public const int MaxColumns = 120;

    /// <summary>The most lines of a file.</summary>
    public const int MaxLines = 300;

    /// <summary>The most lines of the file in the middle of all.</summary>
    public const int MaxMedian = 49;

    /// <summary>Lines above the most columns, one a line.</summary>
    public static IReadOnlyList<string> LongLines(IReadOnlyList<SourceFile> files) =>
        [
            .. files.SelectMany(file =>
                file.Lines.Index()
                    .Where(line => line.Item.Length > MaxColumns)
                    .Select(line => $"{file.Path}:{line.Index + 1} has {line.Item.Length} columns")
            ),
        ];

    /// <summary>Files above the most lines, one a line.</summary>
    public static IReadOnlyList<string> LongFiles(IReadOnlyList<SourceFile> files) =>
        [
            .. files
                .Where(file => file.Lines.Count > MaxLines)
                .Select(file => $"{file.Path} has {file.Lines.Count} lines"),
        ];

    /// <summary>The lines of the file in the middle.</summary>
    public static int Median(IReadOnlyList<SourceFile> files) =>
        files.Select(file => file.Lines.Count).Order().ElementAt(files.Count / 2);
}
