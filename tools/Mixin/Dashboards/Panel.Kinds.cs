using System.Text.Json.Nodes;

namespace CurvatureMonitor.Mixin.Dashboards;

internal sealed partial class Panel
{
    public static Panel TimeSeries(
        string title,
        string unit,
        string description,
        params IReadOnlyList<Query> queries
    ) =>
        new(
            "timeseries",
            title,
            description,
            unit,
            queries,
            new JsonObject
            {
                ["legend"] = new JsonObject
                {
                    ["calcs"] = new JsonArray("lastNotNull"),
                    ["displayMode"] = "table",
                    ["placement"] = "bottom",
                    ["showLegend"] = true,
                },
                ["tooltip"] = new JsonObject { ["mode"] = "multi", ["sort"] = "desc" },
            },
            new JsonObject
            {
                ["drawStyle"] = "line",
                ["fillOpacity"] = 0,
                ["lineWidth"] = 1,
                ["scaleDistribution"] = new JsonObject { ["type"] = "linear" },
                ["showPoints"] = "never",
                ["spanNulls"] = false,
                ["thresholdsStyle"] = new JsonObject { ["mode"] = "off" },
            }
        );

    public static Panel Stat(string title, string unit, string description, params IReadOnlyList<Query> queries) =>
        new(
            "stat",
            title,
            description,
            unit,
            queries,
            new JsonObject
            {
                ["colorMode"] = "value",
                ["graphMode"] = "none",
                ["justifyMode"] = "auto",
                ["orientation"] = "auto",
                ["reduceOptions"] = Last(),
                ["textMode"] = "auto",
            },
            []
        );

    public static Panel Gauge(string title, string unit, string description, params IReadOnlyList<Query> queries) =>
        new(
            "gauge",
            title,
            description,
            unit,
            queries,
            new JsonObject
            {
                ["orientation"] = "auto",
                ["reduceOptions"] = Last(),
                ["showThresholdLabels"] = true,
                ["showThresholdMarkers"] = true,
            },
            []
        );

    public static Panel BarGauge(string title, string unit, string description, params IReadOnlyList<Query> queries) =>
        new(
            "bargauge",
            title,
            description,
            unit,
            queries,
            new JsonObject
            {
                ["displayMode"] = "basic",
                ["orientation"] = "horizontal",
                ["reduceOptions"] = Last(),
                ["showUnfilled"] = true,
                ["valueMode"] = "color",
            },
            []
        );

    public static Panel Table(string title, string description, params IReadOnlyList<Query> queries) =>
        new(
            "table",
            title,
            description,
            "short",
            queries,
            new JsonObject { ["cellHeight"] = "sm", ["showHeader"] = true },
            new JsonObject { ["align"] = "auto" }
        );

    /// <summary>A heat map of cumulative buckets with label <c>le</c>; Grafana takes their differences.</summary>
    public static Panel Heatmap(string title, string description, Query query) =>
        new(
            "heatmap",
            title,
            description,
            "short",
            [query],
            new JsonObject
            {
                ["calculate"] = false,
                ["cellGap"] = 0,
                // Counts span many decades: an exponent well below 1 shows the few outliers beside the bulk, as a
                // logarithmic scale would.
                ["color"] = new JsonObject
                {
                    ["exponent"] = 0.2,
                    ["fill"] = "dark-orange",
                    ["mode"] = "opacity",
                    ["reverse"] = false,
                    ["scale"] = "exponential",
                    ["steps"] = 64,
                },
                ["exemplars"] = new JsonObject { ["color"] = "rgba(255,0,255,0.7)" },
                ["filterValues"] = new JsonObject { ["le"] = 1e-9 },
                ["legend"] = new JsonObject { ["show"] = true },
                ["rowsFrame"] = new JsonObject { ["layout"] = "le", ["value"] = "eigenvalues" },
                ["tooltip"] = new JsonObject
                {
                    ["mode"] = "single",
                    ["showColorScale"] = true,
                    ["yHistogram"] = true,
                },
                ["yAxis"] = new JsonObject
                {
                    ["axisLabel"] = "eigenvalue",
                    ["axisPlacement"] = "left",
                    ["reverse"] = false,
                },
            },
            new JsonObject { ["scaleDistribution"] = new JsonObject { ["type"] = "linear" } }
        );

    private static JsonObject Last() =>
        new()
        {
            ["calcs"] = new JsonArray("lastNotNull"),
            ["fields"] = "",
            ["values"] = false,
        };
}
