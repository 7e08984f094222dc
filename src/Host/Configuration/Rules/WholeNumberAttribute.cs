using System.Globalization;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>A whole number within bounds.</summary>
/// <param name="least">The smallest that is allowed.</param>
/// <param name="most">The largest.</param>
internal sealed class WholeNumberAttribute(long least, long most = long.MaxValue) : RuleAttribute
{
    /// <summary>What is said in place of the bounds.</summary>
    public string? Advice { get; init; }

    internal override string Remedy =>
        Advice
        ?? (IsUnbounded ? $"give a whole number of at least {least}" : $"give a whole number from {least} to {most}");

    internal override string Allowed => IsUnbounded ? $"at least {least}" : $"{least} to {most}";

    // What the type cannot hold need not be said.
    private bool IsUnbounded => most >= int.MaxValue;

    internal override string? Complaint(object value)
    {
        long number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return number >= least && number <= most ? null : Remedy;
    }
}
