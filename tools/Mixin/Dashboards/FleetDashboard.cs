using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Rules;

namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary><c>Curvature fleet</c>: all runs, the one nearest to trouble first.</summary>
internal sealed class FleetDashboard(MixinConfiguration c)
{
    public const string Uid = "curvature-fleet";

    private const string Run = "run=~\"$run\"";

    // One column a query: the letter under which Grafana shows it, its heading, its unit, its PromQL.
    private readonly (string Heading, string Unit, string Expression)[] _columns =
    [
        ("Stability ratio", "none", $"max by (run) ({RecordingRules.WorstRatio}{{{Run}}})"),
        ("Running", "bool_yes_no", $"max by (run) ({c.Metric("curvature_run_state", Run + ",state=\"running\"")})"),
        ("Step", "none", $"max by (run) ({c.Metric("curvature_training_step", Run)})"),
        ("Loss", "none", $"max by (run) ({c.Metric("curvature_training_loss", Run)})"),
        ("Learning rate", "none", $"max by (run) ({c.Metric("curvature_training_learning_rate", Run)})"),
        ("Sharpness", "none", $"max by (run) ({c.Metric("curvature_lambda_max", Run + ",operator=\"hessian\"")})"),
        ("Age of result", "s", $"max by (run) ({RecordingRules.ResultAge}{{{Run}}})"),
        ("Share of wall time", "percentunit", $"max by (run) ({c.Metric("curvature_overhead_ratio", Run)})"),
    ];

    public JsonObject Build() =>
        new Dashboard(c, Uid, "Curvature fleet", "All runs, sorted by how near they are to the stability limit.")
            .Variable("run", "Run", c.Metric("curvature_run_info"), multiple: true)
            .Annotation(
                "Critical alerts",
                "red",
                $"ALERTS{{alertname=~\"Curvature.*\",alertstate=\"firing\",severity=\"critical\",{Run}}}",
                "{{alertname}}",
                "{{run}}"
            )
            .Row("Overview", 5, Overview())
            .Row("Runs", 12, [(24, Runs())])
            .Row("Over time", 9, OverTime())
            .Build();

    private (int, Panel)[] Overview() =>
        [
            (
                6,
                Panel.Stat(
                    "Running",
                    "none",
                    "Runs whose trainer is at work. Fewer than you started: see the runs that failed or went silent.",
                    new Query($"sum({c.Metric("curvature_run_state", Run + ",state=\"running\"")})", "running")
                )
            ),
            (
                6,
                Panel
                    .Stat(
                        "Beyond the limit",
                        "none",
                        "Runs with a stability ratio above the alarm's threshold: they oscillate or diverge. Open them "
                            + "below, lower their learning rate or "
                            + "roll back.",
                        new Query(
                            $"count({RecordingRules.WorstRatio}{{{Run}}} > {c.Dashboards["unstable"]}) or vector(0)",
                            "unstable"
                        )
                    )
                    .Thresholds(new Threshold("green"), new Threshold("red", 1))
            ),
            (
                6,
                Panel
                    .Stat(
                        "At the edge of stability",
                        "none",
                        "Runs between the edge and the alarm's threshold. Normal in full-batch training; otherwise "
                            + "there is no room for a higher learning rate.",
                        new Query(
                            $"count({RecordingRules.WorstRatio}{{{Run}}} > {c.Dashboards["edge"]} <= "
                                + $"{c.Dashboards["unstable"]}) or vector(0)",
                            "edge"
                        )
                    )
                    .Thresholds(new Threshold("green"), new Threshold("orange", 1))
            ),
            (
                6,
                Panel
                    .Stat(
                        "Failed, silent or diverged",
                        "none",
                        "Runs whose trainer stopped with an error or has gone silent, or whose loss or parameters are "
                            + "not finite, as long as their series are served. See their logs.",
                        new Query(
                            $"sum({c.Metric("curvature_run_state", Run + ",state=~\"failed|stale|diverged\"")})",
                            "failed, stale or diverged"
                        )
                    )
                    .Thresholds(new Threshold("green"), new Threshold("red", 1))
            ),
        ];

    private Panel Runs()
    {
        var renamed = new JsonObject();
        var panel = Panel.Table(
            "Runs by stability ratio",
            "All runs, the one nearest to the stability limit first; 1 is the edge of stability. A click on the name "
                + "opens the run. Red: lower the "
                + "learning rate or roll back. Blue: there is room for a higher one.",
            [.. _columns.Select(column => new Query(column.Expression, column.Heading, "table", Instant: true))]
        );
        for (var i = 0; i < _columns.Length; i++)
        {
            renamed[$"Value #{(char)('A' + i)}"] = _columns[i].Heading;
            panel.Override($"^{_columns[i].Heading}$", ("unit", _columns[i].Unit));
        }

        return panel
            .Override(
                "^Stability ratio$",
                ("custom.cellOptions", new JsonObject { ["type"] = "color-background" }),
                ("decimals", 2),
                ("thresholds", Steps()),
                ("color", ByThreshold())
            )
            .Override("^run$", ("links", new JsonArray(Link())))
            .Transform(
                ("merge", []),
                (
                    "organize",
                    new JsonObject
                    {
                        ["excludeByName"] = new JsonObject { ["Time"] = true },
                        ["renameByName"] = renamed,
                    }
                ),
                (
                    "sortBy",
                    new JsonObject
                    {
                        ["sort"] = new JsonArray(new JsonObject { ["field"] = "Stability ratio", ["desc"] = true }),
                    }
                )
            );
    }

    private (int, Panel)[] OverTime() =>
        [
            (
                12,
                Panel
                    .TimeSeries(
                        "Stability ratio",
                        "none",
                        "The worst ratio of every run. Runs that climb towards 1 in the same way have too high a "
                            + "learning rate in common.",
                        new Query($"max by (run) ({RecordingRules.WorstRatio}{{{Run}}})", "{{run}}")
                    )
                    .ThresholdLines(
                        new Threshold("transparent"),
                        new Threshold("orange", 1),
                        new Threshold("red", c.Dashboards.Number("unstable"))
                    )
                    .Range(0)
            ),
            (
                12,
                Panel
                    .TimeSeries(
                        "Loss",
                        "none",
                        "Training loss of every run, on a log axis. A jump that the ratio above told in advance: the "
                            + "run was beyond its limit.",
                        new Query($"max by (run) ({c.Metric("curvature_training_loss", Run)})", "{{run}}")
                    )
                    .LogScale()
            ),
        ];

    private JsonObject Steps() =>
        new()
        {
            ["mode"] = "absolute",
            ["steps"] = new JsonArray([
                .. RunDashboard
                    .Bands(c.Dashboards)
                    .Select(step => new JsonObject { ["color"] = step.Color, ["value"] = step.From }),
            ]),
        };

    private static JsonObject ByThreshold() => new() { ["mode"] = "thresholds" };

    private static JsonObject Link() =>
        new()
        {
            ["title"] = "Open the run",
            ["url"] =
                $"/d/{RunDashboard.Uid}?var-run=${{__value.raw:percentencode}}"
                + "&${datasource:queryparam}&${__url_time_range}",
            ["targetBlank"] = false,
        };
}
