namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary>A step of a panel's colours.</summary>
/// <param name="Color">A colour of Grafana's.</param>
/// <param name="From">From which value on; null for the lowest.</param>
internal sealed record Threshold(string Color, double? From = null);
