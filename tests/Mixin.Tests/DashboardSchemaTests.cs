using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Output;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>
/// What Grafana would silently pass over: names of things that are not there, and settings that it does not know.
/// </summary>
public sealed partial class DashboardSchemaTests
{
    // Grafana's own, as far as we use them: a spelling that is not here is a mistake until somebody has looked it up.
    private static readonly HashSet<string> Units =
    [
        "none",
        "short",
        "s",
        "percentunit",
        "cpm",
        "ops",
        "bytes",
        "bool_yes_no",
    ];
    private static readonly HashSet<string> Transformations = ["merge", "organize", "sortBy"];
    private static readonly HashSet<string> Colours = ["text", "transparent", "red", "orange", "green", "blue"];

    private static readonly HashSet<string> Properties =
    [
        "color",
        "decimals",
        "links",
        "thresholds",
        "unit",
        "custom.axisPlacement",
        "custom.cellOptions",
        "custom.fillBelowTo",
        "custom.fillOpacity",
        "custom.hideFrom",
        "custom.lineStyle",
        "custom.lineWidth",
    ];

    // Made by Grafana itself.
    private static readonly HashSet<string> BuiltIn =
    [
        "__rate_interval",
        "__interval",
        "__value",
        "__url_time_range",
        "__all",
    ];

    public static TheoryData<string> Files =>
        [.. Repository.Files("grafana/dashboards", "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_dashboard_has_everything_that_the_schema_asks_for(string file)
    {
        var dashboard = Read(file);
        Assert.InRange((int)dashboard["schemaVersion"]!, 39, 42);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), (string)dashboard["uid"]!);
        Assert.False(dashboard.ContainsKey("id") && dashboard["id"] is not null, "an id is one installation's own");
        Assert.All(
            [
                "title",
                "description",
                "tags",
                "time",
                "refresh",
                "templating",
                "annotations",
                "panels",
                "version",
                "editable",
            ],
            key => Assert.NotNull(dashboard[key])
        );
        Assert.All(["from", "to"], key =>
            Assert.StartsWith("now", (string)dashboard["time"]![key]!, StringComparison.Ordinal)
        );
        Assert.Contains("curvature", dashboard["tags"]!.AsArray().Select(tag => (string)tag!));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Whatever_asks_for_data_names_the_data_source(string file)
    {
        var dashboard = Read(file);
        IEnumerable<JsonNode?> asking =
        [
            .. Panels(dashboard),
            .. Targets(dashboard),
            .. dashboard["annotations"]!["list"]!.AsArray(),
            .. dashboard["templating"]!["list"]!.AsArray().Where(variable => (string)variable!["type"]! == "query"),
        ];
        Assert.All(asking, node => Assert.Equal("${datasource}", (string?)node!["datasource"]?["uid"]));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Units_colours_overrides_and_transformations_are_ones_that_Grafana_knows(string file)
    {
        foreach (var panel in Panels(Read(file)))
        {
            var letters = panel["targets"]!.AsArray().Select(target => (string)target!["refId"]!).ToList();
            Assert.Equal(letters.Count, letters.Distinct(StringComparer.Ordinal).Count());
            var fields = panel["fieldConfig"]!;
            Assert.Contains((string)fields["defaults"]!["unit"]!, Units);
            Assert.All(fields["defaults"]!["thresholds"]!["steps"]!.AsArray(), step =>
                Assert.Contains((string)step!["color"]!, Colours)
            );
            Assert.Null(fields["defaults"]!["thresholds"]!["steps"]![0]!["value"]);
            Assert.All(panel["transformations"]?.AsArray() ?? [], transformation =>
                Assert.Contains((string)transformation!["id"]!, Transformations)
            );
            foreach (var change in fields["overrides"]!.AsArray())
            {
                var (matcher, argument) = ((string)change!["matcher"]!["id"]!, (string)change["matcher"]!["options"]!);
                Assert.Contains(matcher, (string[])["byName", "byRegexp", "byFrameRefID"]);
                Assert.True(
                    matcher != "byFrameRefID" || letters.Contains(argument),
                    $"'{panel["title"]}' has no query {argument}."
                );
                foreach (var property in change["properties"]!.AsArray())
                {
                    Assert.Contains((string)property!["id"]!, Properties);
                    Assert.True((string)property["id"]! != "unit" || Units.Contains((string)property["value"]!));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_band_is_filled_between_two_series_that_there_is_one_of(string file)
    {
        foreach (var panel in Panels(Read(file)))
        {
            var bands = panel["fieldConfig"]!["overrides"]!
                .AsArray()
                .SelectMany(change =>
                    change!["properties"]!
                        .AsArray()
                        .Where(property => (string)property!["id"]! == "custom.fillBelowTo")
                        .Select(property => (High: change["matcher"]!, Low: (string)property!["value"]!))
                );
            foreach (var (high, low) in bands)
            {
                Assert.Equal("byName", (string)high["id"]!);
                Assert.All([(string)high["options"]!, low], name =>
                {
                    Assert.Single(panel["targets"]!.AsArray(), target =>
                        Regex.IsMatch(name, $"^{Label().Replace((string)target!["legendFormat"]!, "[a-z]+")}$")
                        && Regex.IsMatch((string)target["expr"]!, @" and on \(\w+\) count by .* == 1$")
                    );
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Only_variables_are_used_that_the_dashboard_has(string file)
    {
        var dashboard = Read(file);
        var declared = dashboard["templating"]!["list"]!
            .AsArray()
            .Select(variable => (string)variable!["name"]!)
            .ToHashSet(StringComparer.Ordinal);
        var used = Variable()
            .Matches(
                dashboard.ToJsonString(
                    new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
                )
            )
            .Select(match => match.Groups[1].Value)
            .Where(name => !BuiltIn.Contains(name))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Subset(declared, used);
        Assert.Subset(used, declared);
    }

    [Fact]
    public void Panels_inside_collapsed_rows_lie_below_them_and_do_not_overlap()
    {
        foreach (
            var row in Repository
                .Files("grafana/dashboards", "*.json")
                .SelectMany(file => Read(Path.GetFileName(file))["panels"]!.AsArray())
                .Where(panel => panel!["panels"] is JsonArray { Count: > 0 })
        )
        {
            Assert.True((bool)row!["collapsed"]!, "only a collapsed row holds its panels");
            var cells = new HashSet<(int X, int Y)>();
            foreach (var place in row["panels"]!.AsArray().Select(panel => panel!["gridPos"]!))
            {
                var (x, y, w, h) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
                Assert.True(y > (int)row["gridPos"]!["y"]!);
                Assert.InRange(x + w, 1, 24);
                Assert.All(Enumerable.Range(0, w * h), cell => Assert.True(cells.Add((x + cell % w, y + cell / w))));
            }
        }
    }

    [Fact]
    public void A_click_on_a_run_leads_to_a_dashboard_that_is_there()
    {
        var links = Repository
            .Files("grafana/dashboards", "*.json")
            .SelectMany(file => DashboardAddress().Matches(File.ReadAllText(file)))
            .ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link =>
            Assert.True(File.Exists(Repository.PathOf($"grafana/dashboards/{link.Groups[1].Value}.json")))
        );
    }

    private static JsonObject Read(string file) =>
        JsonNode.Parse(Repository.Read($"grafana/dashboards/{file}"))!.AsObject();

    private static IEnumerable<JsonObject> Panels(JsonObject dashboard) =>
        ExpressionList.AllPanels(dashboard).Where(panel => (string)panel["type"]! != "row");

    private static IEnumerable<JsonNode> Targets(JsonObject dashboard) =>
        Panels(dashboard).SelectMany(panel => panel["targets"]!.AsArray()).Select(target => target!);

    [GeneratedRegex(@"\{\{\w+\}\}")]
    private static partial Regex Label();

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex Variable();

    [GeneratedRegex("\"/d/([\\w-]+)\\?")]
    private static partial Regex DashboardAddress();
}
