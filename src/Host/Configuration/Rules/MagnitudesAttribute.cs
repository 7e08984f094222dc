using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>Two magnitudes, the smaller first: <c>1e-4,0.1</c>.</summary>
internal sealed class MagnitudesAttribute : RuleAttribute
{
    internal override string Remedy => "give two magnitudes, the smaller first, for example 1e-4,0.1";

    internal override string Allowed => "two numbers above 0";

    /// <summary>Both magnitudes; null where the text is no such pair.</summary>
    internal static MagnitudeRange? Parse(string text) =>
        text.Split(',') is [var first, var second]
        && double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
        && double.TryParse(second, NumberStyles.Float, CultureInfo.InvariantCulture, out double high)
        && low > 0
        && low < high
        && double.IsFinite(high)
            ? new MagnitudeRange(low, high)
            : null;

    internal override string? Complaint(object value) => Parse((string)value) is null ? Remedy : null;
}
