namespace CurvatureMonitor.Mixin.Rules;

/// <summary>Alerts that are evaluated one after the other.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="Alerts">The alerts in order.</param>
internal sealed record AlertGroup(string Name, IReadOnlyList<AlertRule> Alerts);
