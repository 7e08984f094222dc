namespace CurvatureMonitor.Architecture.Tests;

/// <summary>A C# file.</summary>
/// <param name="Path">Its path from the root of the repository, with forward slashes.</param>
/// <param name="Text">Its content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Its lines, without what ends them.</summary>
    public IReadOnlyList<string> Lines { get; } = Text.TrimEnd('\n').Split('\n');
}
