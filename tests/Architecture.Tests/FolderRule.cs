namespace CurvatureMonitor.Architecture.Tests;

/// <summary>A row of the folders table.</summary>
/// <param name="Project">The project's folder.</param>
/// <param name="Folders">Its folders, each of which may use those after it; empty while they are in no order.</param>
internal sealed record FolderRule(string Project, IReadOnlyList<string> Folders)
{
    /// <summary>What the table calls the files that stand in no folder of the project.</summary>
    public const string Root = "(root)";
}
