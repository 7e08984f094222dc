using System.Text.Json.Nodes;

namespace CurvatureMonitor.Mixin.Dashboards.RunPanels;

/// <summary>How limits and ends of bands are drawn.</summary>
internal static class PanelStyle
{
    public static (string, JsonNode)[] Dashed(string color) =>
        [
            ("custom.lineStyle", Dashes()),
            ("custom.lineWidth", 2),
            ("color", new JsonObject { ["mode"] = "fixed", ["fixedColor"] = color }),
        ];

    // An end of a band: no line, and no room in the legend.
    public static (string, JsonNode)[] Edge() => [("custom.lineWidth", 0), ("custom.hideFrom", Hidden())];

    // Grafana fills between two series by their names, so there must be one of each: none where several runs are
    // chosen.
    public static string Alone(string expression, string label) =>
        $"({expression}) and on ({label}) count by ({label}) ({expression}) == 1";

    private static JsonObject Hidden() =>
        new()
        {
            ["legend"] = true,
            ["tooltip"] = false,
            ["viz"] = false,
        };

    public static JsonObject Dashes() => new() { ["dash"] = new JsonArray(10, 10), ["fill"] = "dash" };
}
