namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary>One query of a panel.</summary>
/// <param name="Expression">PromQL, with Grafana's variables.</param>
/// <param name="Legend">The series' name, with labels in double braces.</param>
/// <param name="Format"><c>time_series</c>, <c>table</c> or <c>heatmap</c>.</param>
/// <param name="Instant">Whether only the last value is asked for.</param>
internal sealed record Query(
    string Expression,
    string Legend = "",
    string Format = "time_series",
    bool Instant = false
);
