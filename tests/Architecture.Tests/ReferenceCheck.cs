namespace CurvatureMonitor.Architecture.Tests;

/// <summary>Holds project files against the projects table.</summary>
internal static class ReferenceCheck
{
    /// <summary>Projects without a row, and references that their row does not have, one a line.</summary>
    public static IReadOnlyList<string> Violations(
        IReadOnlyList<ProjectRule> rules,
        IReadOnlyList<ProjectFile> projects
    )
    {
        var known = rules.ToDictionary(rule => rule.Project, StringComparer.Ordinal);
        return
        [
            .. projects.SelectMany(project =>
                known.TryGetValue(project.Path, out var rule)
                    ? Violations(rule, project)
                    : [$"{project.Path} has no row in the projects table"]
            ),
            .. rules
                .Where(rule => projects.All(project => project.Path != rule.Project))
                .Select(rule => $"{rule.Project} has a row in the projects table and no project file"),
        ];
    }

    private static IEnumerable<string> Violations(ProjectRule rule, ProjectFile project) =>
        project
            .References.Except(rule.References)
            .Concat(project.Packages.Except(rule.Packages))
            .Select(reference => $"{project.Path} must not refer to {reference}");
}
