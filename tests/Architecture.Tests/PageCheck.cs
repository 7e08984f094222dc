using System.Text.RegularExpressions;

namespace CurvatureMonitor.Architecture.Tests;

/// <summary>Holds a page against the repository: the paths that it names, and the lines that it quotes.</summary>
internal static partial class PageCheck
{
    private const string Left = "…";

    /// <summary>Paths between backticks that lead nowhere, one a line.</summary>
    /// <param name="markdown">The page.</param>
    /// <param name="exists">Whether there is such a file or folder, seen from the root of the repository.</param>
    public static IReadOnlyList<string> MissingPaths(string markdown, Func<string, bool> exists) =>
        [
            .. InlineCode()
                .Matches(Fence().Replace(markdown, string.Empty))
                .SelectMany(match => match.Groups["code"].Value.Split(' '))
                .Concat(Quotes(markdown).Select(quote => quote.Path))
                .Where(word => RepositoryPath().IsMatch(word))
                .Distinct()
                .Where(path => !exists(path)),
        ];

    /// <summary>
    /// Lines of quotations that their file does not have, one a line. A fence with a path beside its language is a
    /// quotation; <c>…</c> stands for what is left out.
    /// </summary>
    /// <param name="markdown">The page.</param>
    /// <param name="read">The text of a file.</param>
    public static IReadOnlyList<string> StaleLines(string markdown, Func<string, string> read) =>
        [
            .. Quotes(markdown)
                .SelectMany(quote =>
                {
                    var there = Lines(read(quote.Path)).ToHashSet(StringComparer.Ordinal);
                    return Lines(quote.Text)
                        .Where(line => line.Length > 0 && line != Left && !there.Contains(line))
                        .Select(line => $"{quote.Path} does not have: {line}");
                }),
        ];

    private static IEnumerable<(string Path, string Text)> Quotes(string markdown) =>
        Fence()
            .Matches(markdown)
            .Where(match => match.Groups["path"].Success)
            .Select(match => (match.Groups["path"].Value, match.Groups["text"].Value));

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim());

    [GeneratedRegex(@"^```\w*(?: (?<path>\S+))?\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<code>[^`\n]+)`")]
    private static partial Regex InlineCode();

    // Names with a slash in them, of letters that file names have: no address, no endpoint, no option.
    [GeneratedRegex(
        @"^(?:\./)?\w[\w.-]*(?:/[\w.-]+)+/?$|^\./\w+$|^\w+\.(?:md|sln|props|targets)$",
        RegexOptions.ECMAScript
    )]
    private static partial Regex RepositoryPath();
}
