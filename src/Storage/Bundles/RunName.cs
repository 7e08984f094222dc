namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// The rule for the names of runs, which become folders, metric labels and parts of addresses: 1 to 128 letters,
/// digits, hyphens, underscores and dots of ASCII, the first one no dot and no hyphen.
/// </summary>
public static class RunName
{
    /// <summary>The rule in words, for messages.</summary>
    public const string Rule =
        "use 1 to 128 letters, digits, '-', '_' and '.', beginning with a letter, a digit or '_'";

    private const int Longest = 128;

    /// <summary>Whether the rule allows the name.</summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= Longest }
        && name[0] is not ('.' or '-')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
