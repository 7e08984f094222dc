using System.Text;

namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>
/// A pattern of names as shells and Python's <c>fnmatch</c> have it: <c>*</c> is any text, dots included, <c>?</c> one
/// character, <c>[ab-d]</c> one of a set and <c>[!ab]</c> one that is not. Case counts.
/// </summary>
internal sealed class NamePattern
{
    private readonly List<NameToken> _tokens = [];

    /// <summary>Reads a pattern; every text is one.</summary>
    /// <param name="pattern">The text.</param>
    internal NamePattern(string pattern)
    {
        var runes = Runes(pattern);
        for (int i = 0; i < runes.Length; i++)
        {
            int end = runes[i].Value == '[' ? EndOfSet(runes, i) : -1;
            _tokens.Add(
                runes[i].Value switch
                {
                    '*' => NameToken.Any,
                    '?' => new NameToken(_ => true),
                    '[' when end > 0 => NameToken.OfSet(runes.AsSpan(i + 1, end - i - 1)),
                    int literal => new NameToken(rune => rune == literal),
                }
            );
            i = Math.Max(i, end);
        }
    }

    /// <summary>Whether the whole of a text is what the pattern says.</summary>
    /// <param name="text">The text.</param>
    internal bool Matches(string text)
    {
        // A star that was passed takes one character more each time the rest does not fit: never more than the product
        // of both lengths, whatever the pattern is.
        var runes = Runes(text);
        var (token, rune, star, taken) = (0, 0, -1, 0);
        while (rune < runes.Length)
        {
            if (token < _tokens.Count && _tokens[token] == NameToken.Any)
            {
                (star, taken) = (token++, rune);
            }
            else if (token < _tokens.Count && _tokens[token].Takes!(runes[rune].Value))
            {
                token++;
                rune++;
            }
            else if (star >= 0)
            {
                (token, rune) = (star + 1, ++taken);
            }
            else
            {
                return false;
            }
        }

        return _tokens.Skip(token).All(rest => rest == NameToken.Any);
    }

    // A bracket that comes first in a set is of it; a set without an end is a bracket.
    private static int EndOfSet(Rune[] runes, int start)
    {
        int first = start + 1;
        if (first < runes.Length && runes[first].Value == '!')
        {
            first++;
        }

        return first < runes.Length ? Array.FindIndex(runes, first + 1, rune => rune.Value == ']') : -1;
    }

    private static Rune[] Runes(string text) => [.. text.EnumerateRunes()];
}
