using System.Text.Json.Nodes;

namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary>A dashboard in the making: rows of panels, placed from left to right on Grafana's 24 columns.</summary>
internal sealed class Dashboard
{
    private const int Columns = 24;

    private readonly MixinConfiguration _configuration;
    private readonly JsonArray _variables = [];
    private readonly JsonArray _annotations = [];
    private readonly JsonArray _panels = [];
    private readonly (string Uid, string Title, string Description) _name;
    private int _id;
    private int _y;

    public Dashboard(MixinConfiguration configuration, string uid, string title, string description)
    {
        _configuration = configuration;
        _name = (uid, title, description);
        _variables.Add(
            new JsonObject
            {
                ["name"] = "datasource",
                ["label"] = "Data source",
                ["type"] = "datasource",
                ["query"] = "prometheus",
                ["hide"] = 0,
                ["includeAll"] = false,
                ["multi"] = false,
                ["refresh"] = 1,
                ["regex"] = "",
                ["current"] = Current("default", "default"),
            }
        );
    }

    /// <summary>Adds a variable with the values of a label.</summary>
    public Dashboard Variable(string name, string label, string selector, bool multiple, string? selected = null)
    {
        var query = $"label_values({selector}, {name})";
        var variable = new JsonObject
        {
            ["name"] = name,
            ["label"] = label,
            ["type"] = "query",
            ["datasource"] = DataSource(),
            ["definition"] = query,
            ["query"] = new JsonObject { ["query"] = query, ["refId"] = $"variable-{name}" },
            ["hide"] = 0,
            ["includeAll"] = multiple,
            ["multi"] = multiple,
            ["refresh"] = 2,
            ["regex"] = "",
            ["sort"] = 1,
            ["current"] = selected is null ? Current("All", "$__all") : Current(selected, selected),
        };
        if (multiple)
        {
            variable["allValue"] = ".*";
        }

        _variables.Add(variable);
        return this;
    }

    public Dashboard Annotation(string name, string color, string expression, string title, string text)
    {
        _annotations.Add(
            new JsonObject
            {
                ["name"] = name,
                ["datasource"] = DataSource(),
                ["enable"] = true,
                ["hide"] = false,
                ["iconColor"] = color,
                ["target"] = new JsonObject
                {
                    ["expr"] = expression,
                    ["interval"] = "30s",
                    ["refId"] = "Anno",
                },
                ["tagKeys"] = "run",
                ["textFormat"] = text,
                ["titleFormat"] = title,
            }
        );
        return this;
    }

    /// <summary>Adds a row: panels with their widths, all of one height, wrapped where the columns end.</summary>
    public Dashboard Row(
        string title,
        int height,
        IReadOnlyList<(int Width, Panel Panel)> panels,
        bool collapsed = false
    )
    {
        var row = new JsonObject
        {
            ["id"] = ++_id,
            ["type"] = "row",
            ["title"] = title,
            ["collapsed"] = collapsed,
            ["gridPos"] = Place(0, Columns, 1),
        };
        _panels.Add(row);
        _y++;
        var inside = new JsonArray();
        var x = 0;
        foreach (var (width, panel) in panels)
        {
            if (x + width > Columns)
            {
                x = 0;
                _y += height;
            }

            panel.Json.Insert(0, "id", ++_id);
            panel.Json["gridPos"] = Place(x, width, height);
            (collapsed ? inside : _panels).Add(panel.Json);
            x += width;
        }

        _y += height;
        row["panels"] = inside;
        return this;
    }

    /// <summary>The dashboard's JSON.</summary>
    public JsonObject Build()
    {
        var settings = _configuration.Dashboards;
        return new JsonObject
        {
            ["uid"] = _name.Uid,
            ["title"] = _name.Title,
            ["description"] = _name.Description,
            ["tags"] = new JsonArray("curvature"),
            ["schemaVersion"] = 42,
            ["version"] = 1,
            ["editable"] = true,
            ["fiscalYearStartMonth"] = 0,
            ["graphTooltip"] = 1,
            ["preload"] = false,
            ["refresh"] = settings["refresh"],
            ["time"] = new JsonObject { ["from"] = settings["from"], ["to"] = "now" },
            ["timepicker"] = new JsonObject(),
            ["timezone"] = "browser",
            ["weekStart"] = "",
            ["links"] = new JsonArray(
                new JsonObject
                {
                    ["title"] = "Curvature dashboards",
                    ["type"] = "dashboards",
                    ["asDropdown"] = false,
                    ["icon"] = "external link",
                    ["includeVars"] = false,
                    ["keepTime"] = true,
                    ["tags"] = new JsonArray("curvature"),
                    ["targetBlank"] = false,
                    ["tooltip"] = "",
                    ["url"] = "",
                }
            ),
            ["annotations"] = new JsonObject { ["list"] = _annotations },
            ["templating"] = new JsonObject { ["list"] = _variables },
            ["panels"] = _panels,
        };
    }

    private static JsonObject Current(string text, string value) =>
        new()
        {
            ["selected"] = true,
            ["text"] = text,
            ["value"] = value,
        };

    private static JsonObject DataSource() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    private JsonObject Place(int x, int width, int height) =>
        new()
        {
            ["h"] = height,
            ["w"] = width,
            ["x"] = x,
            ["y"] = _y,
        };
}
