namespace CurvatureMonitor.Architecture.Tests;

/// <summary>A row of the projects table.</summary>
/// <param name="Project">The project's folder.</param>
/// <param name="References">Folders of the projects that it may refer to.</param>
/// <param name="Packages">Packages and frameworks that it may refer to.</param>
internal sealed record ProjectRule(string Project, IReadOnlyList<string> References, IReadOnlyList<string> Packages);
