using System.Text.RegularExpressions;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Curvature.Tests.Modules;

/// <summary>Patterns against regular expressions, and against what Python's <c>fnmatch</c> says.</summary>
public sealed class NamePatternTests
{
    private const string Letters = "ab.é";

    [Fact]
    public void Patterns_of_stars_and_question_marks_agree_with_regular_expressions()
    {
        var random = new Random(7);
        int agreed = 0;
        for (int i = 0; i < 4000; i++)
        {
            string pattern = Text(random, Letters + "**??", 7);
            string name = Text(random, Letters, 9);
            string expression = $"^{Regex.Escape(pattern)}\\z"
                .Replace("\\*", ".*", StringComparison.Ordinal)
                .Replace("\\?", ".", StringComparison.Ordinal);

            // Whatever is above the first dots is a module.
            string[] parts = name.Split('.');
            bool expected = Enumerable
                .Range(1, parts.Length)
                .Any(count => Regex.IsMatch(string.Join('.', parts[..count]), expression, RegexOptions.Singleline));
            Assert.True(expected == Matches(pattern, name), $"'{pattern}' of '{name}'");
            agreed += expected ? 1 : 0;
        }

        Assert.InRange(agreed, 200, 3800);
    }

    [Fact]
    public void A_name_without_signs_is_a_pattern_of_itself_and_any_part_of_it_can_be_a_sign()
    {
        var random = new Random(11);
        for (int i = 0; i < 1000; i++)
        {
            string name = Text(random, Letters, 9);
            int start = random.Next(name.Length);
            int end = random.Next(start, name.Length + 1);
            Assert.True(Matches(name, name));
            Assert.True(Matches($"{name[..start]}*{name[end..]}", name));
            Assert.True(Matches($"{name[..start]}{new string('?', end - start)}{name[end..]}", name));
            Assert.False(Matches($"{name}?", name));
        }
    }

    // As fnmatch.fnmatchcase answers in Python 3.12.
    [Theory]
    [InlineData("[ab]x", "ax", true)]
    [InlineData("[!ab]x", "ax", false)]
    [InlineData("[!ab]x", "cx", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "-x", false)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[!]]x", "]x", false)]
    [InlineData("[]x", "[]x", true)]
    [InlineData("[ax", "[ax", true)]
    [InlineData("[", "[", true)]
    [InlineData("[!", "[!", true)]
    [InlineData("a]", "a]", true)]
    [InlineData("[*]", "*", true)]
    [InlineData("[*]", "a", false)]
    [InlineData("[^a]", "^", true)]
    [InlineData("?", "𝜃", true)]
    [InlineData("a\\*", "a\\b", true)]
    [InlineData("a", "", false)]
    public void Sets_are_those_of_fnmatch(string pattern, string name, bool expected) =>
        Assert.Equal(expected, Matches(pattern, name));

    // What regular expressions with many stars would be at until the end of days.
    [Fact]
    public void No_pattern_takes_long() =>
        Assert.False(Matches(string.Concat(Enumerable.Repeat("*a", 90)) + "b", new string('a', 5000)));

    private static string Text(Random random, string letters, int longest) =>
        new([.. Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => letters[random.Next(letters.Length)])]);

    private static bool Matches(string pattern, string name) =>
        pattern.Length > 0 && ModuleSelection.Fitting([pattern], [new TensorSlot(name, [1], 0)]).Count == 1;
}
