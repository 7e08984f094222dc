namespace CurvatureMonitor.Architecture.Tests;

/// <summary>
/// Holds the using directives of files against the order that <c>dotnet format</c> gives them, which the build itself
/// does not look at: System first, then by name, static ones after them, aliases last.
/// </summary>
internal static class ImportsCheck
{
    private const string Directive = "using ";

    /// <summary>The first directive of each file that stands after one that should follow it, one a line.</summary>
    public static IReadOnlyList<string> OutOfOrder(IReadOnlyList<SourceFile> files) =>
        [.. files.Select(Violation).OfType<string>()];

    private static string? Violation(SourceFile file)
    {
        string[] imports =
        [
            .. file
                .Lines.TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
                .Where(line => line.StartsWith(Directive, StringComparison.Ordinal) && line.EndsWith(';')),
        ];
        string? early = imports.Zip(imports.Skip(1)).Where(IsReversed).Select(pair => pair.Second).FirstOrDefault();
        return early is null ? null : $"{file.Path}: '{early}' stands too late";
    }

    private static bool IsReversed((string First, string Second) pair) => Compare(pair.First, pair.Second) > 0;

    private static int Compare(string first, string second)
    {
        int kinds = Kind(first).CompareTo(Kind(second));
        if (kinds != 0)
        {
            return kinds;
        }

        string[] one = Names(first),
            other = Names(second);
        int systems = (one[0] != "System").CompareTo(other[0] != "System");
        return systems != 0
            ? systems
            : one.Zip(other, StringComparer.OrdinalIgnoreCase.Compare)
                .Append(one.Length - other.Length)
                .FirstOrDefault(difference => difference != 0);
    }

    private static int Kind(string directive) =>
        directive.Contains(" = ", StringComparison.Ordinal) ? 2
        : directive.StartsWith("using static ", StringComparison.Ordinal) ? 1
        : 0;

    private static string[] Names(string directive) =>
        directive[Directive.Length..^1].Replace("static ", "", StringComparison.Ordinal).Split(" = ")[0].Split('.');
}
