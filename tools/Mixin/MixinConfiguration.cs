using System.Globalization;
using System.Text.Json.Nodes;

namespace CurvatureMonitor.Mixin;

/// <summary>
/// <c>grafana/mixin.json</c>: every selector, threshold, window and severity of rules, alerts and dashboards.
/// </summary>
internal sealed class MixinConfiguration
{
    private readonly JsonObject _root;

    private MixinConfiguration(JsonObject root) => _root = root;

    /// <summary>Label matchers that pick the monitor's series, without braces; may be empty.</summary>
    public string Selector => Text(_root, "selector");

    /// <summary>
    /// The labels that tell runs apart, for <c>on (…)</c> and <c>by (…)</c>: a run of the same name on another monitor
    /// is another run.
    /// </summary>
    public string RunLabels => string.Join(", ", Strings("joinLabels"));

    /// <summary>The labels that tell monitors apart: those of a run less the run.</summary>
    public string MonitorLabels => string.Join(", ", Strings("joinLabels").Where(label => label != "run"));

    /// <summary>What has to hold for an expression to have data, by key: one line for people.</summary>
    public IReadOnlyDictionary<string, string> Conditions => Map("conditions");

    /// <summary>The condition's key of every family that is not there in every run.</summary>
    public IReadOnlyDictionary<string, string> ConditionalFamilies => Map("families");

    /// <summary>
    /// The conditions that hold in every run of <c>curvature demo</c>: what depends on them alone has data there.
    /// </summary>
    public IReadOnlyList<string> DemoHolds => Strings(Section("demo"), "holds");

    /// <summary>The conditions that hold for a part of such a run at most.</summary>
    public IReadOnlyList<string> DemoPassing => Strings(Section("demo"), "passing");

    /// <summary>Names that Prometheus itself makes.</summary>
    public IReadOnlyList<string> PrometheusNames => Strings("prometheus");

    /// <summary>Names of the alerts that have settings.</summary>
    public IReadOnlyList<string> AlertNames => [.. Section("alerts").Select(pair => pair.Key)];

    /// <summary>Settings of the dashboards.</summary>
    public MixinSettings Dashboards => new("dashboards", Section("dashboards"));

    /// <summary>Settings of the recording rules.</summary>
    public MixinSettings Recording => new("recording", Section("recording"));

    /// <summary>Reads the configuration.</summary>
    /// <param name="path">The JSON file.</param>
    /// <exception cref="MixinException">The file is not there, is no JSON, or lacks something.</exception>
    public static MixinConfiguration Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            throw new MixinException($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Takes the configuration from its text.</summary>
    /// <param name="json">The JSON text.</param>
    public static MixinConfiguration Parse(string json) =>
        new(
            JsonNode.Parse(json) as JsonObject
                ?? throw new MixinException("The mixin's configuration must be a JSON object.")
        );

    /// <summary>Settings of one alert.</summary>
    /// <param name="name">The alert's name.</param>
    public MixinSettings Alert(string name) =>
        new(
            $"alerts.{name}",
            Section("alerts")[name] as JsonObject
                ?? throw new MixinException($"alerts.{name} is missing from the mixin's configuration.")
        );

    /// <summary>Where the runbook of an alert can be read.</summary>
    /// <param name="alert">The alert's name.</param>
    public string RunbookUrl(string alert) =>
        Text(_root, "runbookUrl").Replace("{alert}", alert, StringComparison.Ordinal);

    /// <summary>A selector of one metric: the name with the common matchers and some more.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="matchers">Further matchers, without braces.</param>
    public string Metric(string name, string matchers = "")
    {
        string[] all = [.. new[] { Selector, matchers }.Where(text => text.Length > 0)];
        return all.Length == 0 ? name : $"{name}{{{string.Join(',', all)}}}";
    }

    internal static string Text(JsonObject from, string key, string where = "the mixin's configuration") =>
        from[key] switch
        {
            JsonValue value when value.TryGetValue(out string? text) => text,
            JsonValue value when value.TryGetValue(out double number) => number.ToString(
                "R",
                CultureInfo.InvariantCulture
            ),
            _ => throw new MixinException($"'{key}' is missing from {where}, or is neither text nor a number."),
        };

    private JsonObject Section(string key) =>
        _root[key] as JsonObject ?? throw new MixinException($"'{key}' is missing from the mixin's configuration.");

    private IReadOnlyList<string> Strings(string key) => Strings(_root, key);

    private static IReadOnlyList<string> Strings(JsonObject from, string key) =>
        from[key] is JsonArray array
            ? [.. array.Select(item => item!.GetValue<string>())]
            : throw new MixinException($"'{key}' is missing from the mixin's configuration.");

    private Dictionary<string, string> Map(string key) =>
        Section(key).ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.Ordinal);
}
