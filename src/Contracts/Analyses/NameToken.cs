using System.Text;

namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>A part of a <see cref="NamePattern"/>: a test of one character, or any text.</summary>
/// <param name="Takes">The test; null for any text.</param>
internal sealed record NameToken(Func<int, bool>? Takes)
{
    /// <summary>Any text, also none.</summary>
    internal static readonly NameToken Any = new((Func<int, bool>?)null);

    /// <summary>One of a set of characters and ranges, or none of them after an exclamation mark.</summary>
    /// <param name="inside">What stands between the brackets.</param>
    internal static NameToken OfSet(ReadOnlySpan<Rune> inside)
    {
        bool negated = inside[0].Value == '!';
        var members = inside[(negated ? 1 : 0)..];
        var ranges = new List<(int From, int To)>();
        for (int i = 0; i < members.Length; i++)
        {
            bool isRange = i + 2 < members.Length && members[i + 1].Value == '-';
            ranges.Add((members[i].Value, members[isRange ? i + 2 : i].Value));
            i += isRange ? 2 : 0;
        }

        return new NameToken(rune => ranges.Exists(range => rune >= range.From && rune <= range.To) != negated);
    }
}
