namespace CurvatureMonitor.Mixin.Dashboards.OperationsPanels;

/// <summary>Whether the monitor is there, and which.</summary>
internal sealed class MonitorPanels(MixinConfiguration c)
{
    public (int, Panel)[] Build() =>
        [
            (
                4,
                Panel
                    .Stat(
                        "Monitors up",
                        "none",
                        "Monitors that Prometheus reaches. 0 means that nothing below is current and no alert can "
                            + "fire: see whether the process lives.",
                        new Query($"sum({c.Metric("up")})", "up")
                    )
                    .Thresholds(new Threshold("red"), new Threshold("green", 1))
            ),
            (
                5,
                Panel
                    .Stat(
                        "Version",
                        "none",
                        "What runs. Two versions at once: an update has not reached every monitor.",
                        new Query(
                            $"count by (version, revision) ({c.Metric("curvature_build_info")})",
                            "{{version}} {{revision}}"
                        )
                    )
                    .Option("textMode", "name")
            ),
            (
                5,
                Panel.Stat(
                    "Runs served",
                    "none",
                    "Runs with series, those in their time of grace after the end included.",
                    new Query($"count({c.Metric("curvature_run_info")})", "runs")
                )
            ),
            (
                5,
                Panel
                    .Stat(
                        "Runs evicted",
                        "none",
                        "Runs whose series were dropped early because there were too many, in the range shown. Above "
                            + "0: raise the cap on runs, or use more monitors.",
                        new Query($"sum(increase({c.Metric("curvature_runs_evicted_total")}[1h]))", "evicted")
                    )
                    .Thresholds(new Threshold("green"), new Threshold("orange", 1))
            ),
            (
                5,
                Panel
                    .Stat(
                        "Dead letters",
                        "none",
                        "Messages within the monitor that reached no actor, in an hour. A few at the end of runs are "
                            + "normal; many mean that an actor has stopped.",
                        new Query($"sum(increase({c.Metric("curvature_dead_letters_total")}[1h]))", "dead letters")
                    )
                    .Thresholds(new Threshold("green"), new Threshold("orange", 10))
            ),
        ];
}
