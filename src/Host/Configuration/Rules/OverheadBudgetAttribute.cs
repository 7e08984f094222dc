using System.Globalization;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>A share of the time above 0, or <c>none</c>.</summary>
internal sealed class OverheadBudgetAttribute : RuleAttribute
{
    private const string None = "none";

    internal override string Remedy => "give a number above 0, such as 0.5, or none";

    internal override string Allowed => "above 0, or `none`";

    /// <summary>The share; null for none.</summary>
    /// <param name="text">A text that was checked.</param>
    internal static double? Parse(string text) =>
        text == None ? null : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    internal override string? Complaint(object value) =>
        value is None
        || (
            double.TryParse((string)value, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share > 0
            && double.IsFinite(share)
        )
            ? null
            : Remedy;
}
