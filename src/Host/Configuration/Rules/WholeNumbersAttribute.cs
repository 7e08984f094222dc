using System.Globalization;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>Whole numbers of at least 1, each once, with commas between.</summary>
internal sealed class WholeNumbersAttribute : RuleAttribute
{
    internal override string Remedy => "give whole numbers with commas between, each once";

    internal override string Allowed => "whole numbers of at least 1";

    /// <summary>The numbers; null where a part is none.</summary>
    internal static List<int>? Parse(string text)
    {
        var numbers = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers;
    }

    internal override string? Complaint(object value) =>
        Parse((string)value) is { } numbers
        && numbers.TrueForAll(number => number >= 1)
        && numbers.Distinct().Count() == numbers.Count
            ? null
            : Remedy;
}
