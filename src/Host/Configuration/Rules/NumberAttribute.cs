using System.Globalization;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>A finite number within bounds.</summary>
/// <param name="least">The smallest that is allowed.</param>
/// <param name="most">The largest.</param>
internal sealed class NumberAttribute(double least, double most) : RuleAttribute
{
    /// <summary>Whether the bounds themselves are not allowed.</summary>
    public bool IsOpen { get; init; }

    /// <summary>What is said in place of the bounds.</summary>
    public string? Advice { get; init; }

    internal override string Remedy =>
        Advice ?? $"give a number {(IsOpen ? "between" : "from")} {Bounds(IsOpen ? "and" : "to")}";

    internal override string Allowed => IsOpen ? $"between {Bounds("and")}" : Bounds("to");

    internal override string? Complaint(object value)
    {
        double number = (double)value;
        return (IsOpen ? number > least && number < most : number >= least && number <= most) ? null : Remedy;
    }

    private string Bounds(string word) =>
        string.Create(CultureInfo.InvariantCulture, $"{least:0.######} {word} {most:0.######}");
}
