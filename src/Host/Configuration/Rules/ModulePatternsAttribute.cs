using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Host.Configuration.Rules;

/// <summary>Patterns of modules, with commas between: <c>layer1,*.attention</c>.</summary>
internal sealed class ModulePatternsAttribute : RuleAttribute
{
    internal override string Remedy => "give patterns with commas between, such as layer1,*.attention";

    internal override string Allowed => $"1 to {ModuleSelection.MaximumPatterns} patterns";

    /// <summary>The patterns.</summary>
    internal static IReadOnlyList<string> Parse(string text) => [.. text.Split(',').Select(part => part.Trim())];

    internal override string? Complaint(object value) => ModuleSelection.Complaint(Parse((string)value));
}
