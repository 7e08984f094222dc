using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>The groups of rules.</summary>
internal static class RuleGroups
{
    // From the first group on, less the indentation.
    public static string Groups(string path, int indentation)
    {
        var lines = Repository
            .Read(path)
            .Split('\n')
            .SkipWhile(line => !line.TrimStart().StartsWith("groups:", StringComparison.Ordinal))
            .Skip(1)
            .Where(line => line.Length > 0);
        return string.Concat(lines.Select(line => line[indentation..] + "\n"));
    }
}
