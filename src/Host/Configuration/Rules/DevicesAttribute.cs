using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>Names of devices with commas between. They need not be here.</summary>
internal sealed class DevicesAttribute : RuleAttribute
{
    internal override string Remedy => "give names such as cuda:0,cuda:1";

    internal override string Allowed => "`cpu`, `cuda` or `cuda:N`, with commas between";

    internal override string? Complaint(object value) => IsKnown((string)value) ? null : Remedy;

    /// <summary>The names in a text, each once.</summary>
    internal static IReadOnlyList<string> Names(string text) =>
        [
            .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Distinct(StringComparer.Ordinal),
        ];

    private static bool IsKnown(string text)
    {
        try
        {
            var names = Names(text);
            return names.Count > 0 && names.All(name => Device.Elsewhere(name) is not null);
        }
        catch (UserErrorException)
        {
            return false;
        }
    }
}
