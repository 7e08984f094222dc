using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary>
/// A runbook as a page that a browser shows: the few constructs of Markdown that runbooks are written in.
/// </summary>
internal static partial class RunbookPage
{
    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <style>
        body { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere;
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.4rem; } h2 { margin-top: 2rem; font-size: 1.1rem; } li { margin: 0.3rem 0; }
        code { padding: 0 0.25em; border-radius: 3px; background: color-mix(in srgb, currentcolor 9%, transparent); }
        </style>
        """;

    /// <summary>The page of a runbook.</summary>
    /// <param name="name">The alert's name.</param>
    /// <param name="markdown">What its file says.</param>
    internal static string Render(string name, string markdown)
    {
        var page = new StringBuilder(Head).Append(
            $"\n<title>{WebUtility.HtmlEncode(name)} · CurvatureMonitor</title>\n</head>\n<body>\n"
        );
        foreach (string block in Blocks(markdown))
        {
            page.Append(Block(block)).Append('\n');
        }

        return page.Append("<p><a href=\"../\">The live page</a></p>\n</body>\n</html>\n").ToString();
    }

    private static string[] Blocks(string markdown) =>
        markdown
            .ReplaceLineEndings("\n")
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Block(string block) =>
        block switch
        {
            ['#', '#', ' ', .. var title] => $"<h2>{Inline(title)}</h2>",
            ['#', ' ', .. var title] => $"<h1>{Inline(title)}</h1>",
            ['*', ' ', ..] => $"<ul>{Items(Bullet().Split(block))}</ul>",
            _ when Number().IsMatch(block) => $"<ol>{Items(Number().Split(block))}</ol>",
            _ => $"<p>{Inline(block)}</p>",
        };

    private static string Items(IEnumerable<string> items) =>
        string.Concat(items.Where(item => item.Trim().Length > 0).Select(item => $"\n<li>{Inline(item.Trim())}</li>"))
        + "\n";

    // Code is what stands between two marks; it is shown as it is.
    private static string Inline(string text) =>
        string.Concat(
            WebUtility
                .HtmlEncode(text)
                .Split('`')
                .Select((part, index) => index % 2 == 1 ? $"<code>{part}</code>" : Marked(part))
        );

    private static string Marked(string text)
    {
        // Other files of the documentation are not served here; where they are is told.
        string html = Elsewhere().Replace(Runbook().Replace(text, "<a href=\"$2\">$1</a>"), "docs/$1");
        return Emphasis().Replace(Strong().Replace(html, "<strong>$1</strong>"), "<em>$1</em>");
    }

    [GeneratedRegex(@"^\* ", RegexOptions.Multiline)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^\d+\. ", RegexOptions.Multiline)]
    private static partial Regex Number();

    [GeneratedRegex(@"\[([^\]]+)\]\((\w+)\.md\)")]
    private static partial Regex Runbook();

    [GeneratedRegex(@"\[[^\]]+\]\(\.\./([^)]+)\)")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\*\*([^*]+)\*\*")]
    private static partial Regex Strong();

    [GeneratedRegex(@"\*([^*\s][^*]*)\*")]
    private static partial Regex Emphasis();
}
