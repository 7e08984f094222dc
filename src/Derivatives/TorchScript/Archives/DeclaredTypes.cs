using System.Text.RegularExpressions;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// The declared types of attributes that are lists or dictionaries, read off the classes' text: an empty list does not
/// tell its own.
/// </summary>
internal sealed partial class DeclaredTypes
{
    private readonly Dictionary<(string Class, string Attribute), string> _types = [];

    /// <summary>Reads the classes of an archive.</summary>
    /// <param name="code">The text of each module by its path.</param>
    internal DeclaredTypes(IReadOnlyDictionary<string, string> code)
    {
        foreach (var (module, text) in code)
        {
            ReadModule(module, text);
        }
    }

    /// <summary>The type of an attribute, or null where it is no list and no dictionary, or unknown.</summary>
    internal string? Find(string type, string attribute) => _types.GetValueOrDefault((type, attribute));

    private void ReadModule(string module, string text)
    {
        string? type = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("class ", StringComparison.Ordinal))
            {
                int end = line.IndexOfAny('(', ':');
                type = end < 0 ? null : $"{module}.{line[6..end]}";
            }
            else if (line.TrimStart().StartsWith("def ", StringComparison.Ordinal))
            {
                type = null;
            }
            else if (type is not null && Attribute().Match(line.ToString()) is { Success: true } match)
            {
                _types[(type, match.Groups["name"].Value)] = match.Groups["type"].Value;
            }
        }
    }

    // The type inside Optional[…], which is what a value that is there has.
    [GeneratedRegex(
        """
        ^\s+((?<name>\w+)\s*:|__annotations__\["(?<name>[^"]+)"\]\s*=)
        \s*(Optional\[(?<type>(List|Dict)\[.*\])\]|(?<type>(List|Dict)\[.*\]))\s*$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Attribute();
}
