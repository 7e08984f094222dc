namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>The labels by which the panels choose the series of the runs that are shown.</summary>
internal static class RunSelectors
{
    public const string Run = "run=~\"$run\"";
    public const string Operator = Run + ",operator=\"$operator\"";
}
