using System.Text.Json.Nodes;

namespace CurvatureMonitor.Mixin.Dashboards;

/// <summary>
/// A panel in the making: Grafana's JSON with the parts that panels share, and small methods that change one thing
/// each.
/// </summary>
internal sealed partial class Panel
{
    private static readonly JsonObject DataSource = new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    private readonly JsonObject _defaults;
    private readonly JsonArray _overrides = [];

    private Panel(
        string type,
        string title,
        string description,
        string unit,
        IReadOnlyList<Query> queries,
        JsonObject options,
        JsonObject custom
    )
    {
        _defaults = new JsonObject
        {
            ["color"] = new JsonObject { ["mode"] = "palette-classic" },
            ["custom"] = custom,
            ["mappings"] = new JsonArray(),
            ["thresholds"] = Steps([new Threshold("text")]),
            ["unit"] = unit,
        };
        Json = new JsonObject
        {
            ["type"] = type,
            ["title"] = title,
            ["description"] = description,
            ["datasource"] = DataSource.DeepClone(),
            ["fieldConfig"] = new JsonObject { ["defaults"] = _defaults, ["overrides"] = _overrides },
            ["options"] = options,
            ["targets"] = new JsonArray([.. queries.Select(Target)]),
        };
    }

    /// <summary>The panel's JSON, as yet without a place.</summary>
    public JsonObject Json { get; }

    /// <summary>The custom part of the field defaults.</summary>
    private JsonObject Custom => _defaults["custom"]!.AsObject();

    /// <summary>Colours by value.</summary>
    public Panel Thresholds(params IReadOnlyList<Threshold> steps)
    {
        _defaults["thresholds"] = Steps(steps);
        _defaults["color"] = new JsonObject { ["mode"] = "thresholds" };
        return this;
    }

    /// <summary>Draws the thresholds as lines without colouring the series by them.</summary>
    public Panel ThresholdLines(params IReadOnlyList<Threshold> steps)
    {
        _defaults["thresholds"] = Steps(steps);
        Custom["thresholdsStyle"] = new JsonObject { ["mode"] = "dashed" };
        return this;
    }

    public Panel Range(double? min, double? max = null)
    {
        if (min is { } low)
        {
            _defaults["min"] = low;
        }

        if (max is { } high)
        {
            _defaults["max"] = high;
        }

        return this;
    }

    public Panel LogScale()
    {
        Custom["scaleDistribution"] = new JsonObject { ["type"] = "log", ["log"] = 10 };
        return this;
    }

    public Panel Stacked()
    {
        Custom["stacking"] = new JsonObject { ["group"] = "A", ["mode"] = "normal" };
        Custom["fillOpacity"] = 30;
        return this;
    }

    /// <summary>Sets an option of the panel.</summary>
    public Panel Option(string key, JsonNode value)
    {
        Json["options"]![key] = value;
        return this;
    }

    /// <summary>Changes properties of the fields whose name a pattern matches.</summary>
    public Panel Override(string pattern, params IReadOnlyList<(string Id, JsonNode Value)> properties) =>
        Override("byRegexp", pattern, properties);

    /// <summary>Changes properties of the fields that one query gives, by its letter.</summary>
    public Panel OverrideQuery(string letter, params IReadOnlyList<(string Id, JsonNode Value)> properties) =>
        Override("byFrameRefID", letter, properties);

    /// <summary>Fills between two series, by the names that they are shown with.</summary>
    public Panel Band(string low, string high) =>
        Override("byName", high, [("custom.fillBelowTo", low), ("custom.fillOpacity", 15)]);

    /// <summary>Adds transformations, in order.</summary>
    public Panel Transform(params IReadOnlyList<(string Id, JsonObject Options)> transformations)
    {
        Json["transformations"] = new JsonArray([
            .. transformations.Select(t => new JsonObject { ["id"] = t.Id, ["options"] = t.Options }),
        ]);
        return this;
    }

    private Panel Override(string matcher, string argument, IReadOnlyList<(string Id, JsonNode Value)> properties)
    {
        _overrides.Add(
            new JsonObject
            {
                ["matcher"] = new JsonObject { ["id"] = matcher, ["options"] = argument },
                ["properties"] = new JsonArray([
                    .. properties.Select(p => new JsonObject { ["id"] = p.Id, ["value"] = p.Value }),
                ]),
            }
        );
        return this;
    }

    private static JsonObject Target(Query query, int index) =>
        new()
        {
            ["refId"] = ((char)('A' + index)).ToString(),
            ["datasource"] = DataSource.DeepClone(),
            ["editorMode"] = "code",
            ["expr"] = query.Expression,
            ["format"] = query.Format,
            ["instant"] = query.Instant,
            ["legendFormat"] = query.Legend.Length > 0 ? query.Legend : "__auto",
            ["range"] = !query.Instant,
        };

    private static JsonObject Steps(IReadOnlyList<Threshold> steps) =>
        new()
        {
            ["mode"] = "absolute",
            ["steps"] = new JsonArray([
                .. steps.Select(step => new JsonObject { ["color"] = step.Color, ["value"] = step.From }),
            ]),
        };
}
