using System.Text.RegularExpressions;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>
/// The shape of OpenMetrics' canonical numbers: Go's %g, with ".0" where neither point nor exponent shows.
/// </summary>
internal static partial class CanonicalFloat
{
    public static bool IsCanonical(string text) =>
        text is "+Inf" or "-Inf" or "NaN" || Plain().IsMatch(text) || Scientific().IsMatch(text);

    // 0.0001 … 999999.9…: at most four zeros before the first digit, at most six places before the point.
    [GeneratedRegex(@"^-?(0\.0|0\.0{0,3}[1-9]([0-9]*[1-9])?|[1-9][0-9]{0,5}\.([0-9]*[1-9]|0))$")]
    private static partial Regex Plain();

    // Two exponent digits at least; below 1e-04 or from 1e+06 on.
    [GeneratedRegex(@"^-?[1-9](\.[0-9]*[1-9])?e(-(0[5-9]|[1-9][0-9]{1,2})|\+(0[6-9]|[1-9][0-9]{1,2}))$")]
    private static partial Regex Scientific();
}
