using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Output;
using CurvatureMonitor.Mixin.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests;

/// <summary>
/// What Grafana needs of a dashboard's JSON, and what we ask of it, looked up in the committed files.
/// </summary>
public sealed class DashboardTests
{
    private static readonly HashSet<string> PanelTypes =
    [
        "row",
        "timeseries",
        "stat",
        "gauge",
        "bargauge",
        "table",
        "heatmap",
    ];

    public static TheoryData<string, string> Known =>
        new()
        {
            { "curvature-run", "Curvature run" },
            { "curvature-fleet", "Curvature fleet" },
            { "curvature-operations", "Curvature operations" },
        };

    private static IReadOnlyList<JsonObject> All { get; } =
    [
        .. Repository
            .Files("grafana/dashboards", "*.json")
            .Select(file => JsonNode.Parse(File.ReadAllText(file))!.AsObject()),
    ];

    private static IEnumerable<JsonObject> Panels => All.SelectMany(ExpressionList.AllPanels);

    [Theory]
    [MemberData(nameof(Known))]
    public void Every_dashboard_keeps_its_uid_and_title(string uid, string title)
    {
        var dashboard = JsonNode.Parse(Repository.Read($"grafana/dashboards/{uid}.json"))!;
        Assert.Equal(uid, (string?)dashboard["uid"]);
        Assert.Equal(title, (string?)dashboard["title"]);
        Assert.True((int)dashboard["schemaVersion"]! >= 39);
        Assert.Null(dashboard["id"]);
    }

    [Fact]
    public void Uids_are_unique_and_short_enough()
    {
        var uids = All.Select(dashboard => (string)dashboard["uid"]!).ToList();
        Assert.Equal(uids.Count, uids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(uids, uid => Assert.InRange(uid.Length, 1, 40));
    }

    [Fact]
    public void Everything_reads_from_the_data_source_that_the_variable_names()
    {
        foreach (var dashboard in All)
        {
            var variable = dashboard["templating"]!["list"]![0]!;
            Assert.Equal(
                ("datasource", "datasource", "prometheus"),
                ((string)variable["name"]!, (string)variable["type"]!, (string)variable["query"]!)
            );
            foreach (var source in Values(dashboard, "datasource").OfType<JsonObject>())
            {
                Assert.Equal("prometheus", (string?)source["type"]);
                Assert.Equal("${datasource}", (string?)source["uid"]);
            }
        }
    }

    [Fact]
    public void Every_panel_has_a_title_a_unit_a_query_and_a_description_that_says_what_to_do()
    {
        foreach (var panel in Panels)
        {
            Assert.Contains((string)panel["type"]!, PanelTypes);
            Assert.NotEmpty((string)panel["title"]!);
            if ((string)panel["type"]! == "row")
            {
                continue;
            }

            Assert.True(
                ((string?)panel["description"])?.Length > 60,
                $"'{panel["title"]}' does not say what its number means and what to do."
            );
            Assert.NotEmpty((string)panel["fieldConfig"]!["defaults"]!["unit"]!);
            Assert.NotEmpty(panel["targets"]!.AsArray());
            Assert.All(panel["targets"]!.AsArray(), target => Assert.NotEmpty((string)target!["expr"]!));
        }
    }

    [Fact]
    public void Panels_have_ids_of_their_own_and_do_not_overlap()
    {
        foreach (var dashboard in All)
        {
            var ids = ExpressionList.AllPanels(dashboard).Select(panel => (int)panel["id"]!).ToList();
            Assert.Equal(ids.Count, ids.Distinct().Count());
            var cells = new HashSet<(int X, int Y)>();
            foreach (var place in dashboard["panels"]!.AsArray().Select(panel => panel!["gridPos"]!))
            {
                var (x, y, w, h) = ((int)place["x"]!, (int)place["y"]!, (int)place["w"]!, (int)place["h"]!);
                Assert.InRange(x + w, 1, 24);
                for (var i = 0; i < w * h; i++)
                {
                    Assert.True(
                        cells.Add((x + i % w, y + i / w)),
                        $"Panels of '{dashboard["title"]}' overlap at {x}, {y}."
                    );
                }
            }
        }
    }

    [Fact]
    public void The_fleet_is_sorted_by_stability_ratio()
    {
        var table = Panels.Single(panel => (string)panel["type"]! == "table");
        var sort = table["transformations"]!.AsArray().Single(t => (string)t!["id"]! == "sortBy")!["options"]!["sort"]![
            0
        ]!;
        Assert.Equal("Stability ratio", (string)sort["field"]!);
        Assert.True((bool)sort["desc"]!);
        var organize = table["transformations"]!.AsArray().Single(t => (string)t!["id"]! == "organize")!["options"]!;
        Assert.Contains(organize["renameByName"]!.AsObject(), pair => (string)pair.Value! == "Stability ratio");
    }

    [Fact]
    public void The_spectrum_is_a_heat_map_of_buckets_and_no_rate()
    {
        var heatmap = Panels.Single(panel => (string)panel["type"]! == "heatmap");
        var target = Assert.Single(heatmap["targets"]!.AsArray())!;
        Assert.Equal("heatmap", (string)target["format"]!);
        Assert.Contains("curvature_eigenvalues_bucket", (string)target["expr"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("rate(", (string)target["expr"]!, StringComparison.Ordinal);
        Assert.False((bool)heatmap["options"]!["calculate"]!);
    }

    private static IEnumerable<JsonNode?> Values(JsonNode? node, string key) =>
        node switch
        {
            JsonObject item => item.SelectMany(pair =>
                pair.Key == key ? [pair.Value, .. Values(pair.Value, key)] : Values(pair.Value, key)
            ),
            JsonArray array => array.SelectMany(child => Values(child, key)),
            _ => [],
        };
}
