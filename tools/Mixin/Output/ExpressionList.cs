using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CurvatureMonitor.Mixin.Rules;

namespace CurvatureMonitor.Mixin.Output;

/// <summary>
/// Collects every expression of rules, alerts and dashboards, each with what has to hold for it to have data.
/// </summary>
internal sealed partial class ExpressionList
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly MixinConfiguration _configuration;
    private readonly Dictionary<string, IReadOnlyList<string>> _recorded = new(StringComparer.Ordinal);
    private readonly List<ListedExpression> _entries = [];

    public ExpressionList(
        MixinConfiguration configuration,
        IReadOnlyList<RecordingRule> recording,
        IReadOnlyList<AlertGroup> alerts,
        IReadOnlyDictionary<string, JsonObject> dashboards
    )
    {
        _configuration = configuration;
        foreach (var rule in recording)
        {
            _recorded[rule.Name] = Conditions(rule.Expression);
            Add("grafana/rules.yml", "record", rule.Name, rule.Expression);
        }

        foreach (var alert in alerts.SelectMany(group => group.Alerts))
        {
            Add("grafana/alerts.yml", "alert", alert.Name, alert.Expression, condition: "alert");
            foreach (var selector in MetricNames.SelectorsIn(alert.Expression))
            {
                Add("grafana/alerts.yml", "alert-input", alert.Name, selector);
            }

            Add("grafana/alerts.yml", "alert-open", alert.Name, Open(alert.Expression));
        }

        foreach (var (path, dashboard) in dashboards)
        {
            Collect(path, dashboard);
        }
    }

    /// <summary>The entries in order.</summary>
    public IReadOnlyList<ListedExpression> Entries => _entries;

    /// <summary>The list as JSON: the conditions with their meaning, then the expressions.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(new { _configuration.Conditions, Expressions = _entries }, Options) + "\n";

    /// <summary>Fills Grafana's variables in, as for all runs, the Hessian and all layers.</summary>
    /// <param name="expression">An expression of a dashboard.</param>
    public static string Fill(string expression) =>
        expression
            .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
            .Replace("$__interval", "15s", StringComparison.Ordinal)
            .Replace("$run", ".*", StringComparison.Ordinal)
            .Replace("$operator", "hessian", StringComparison.Ordinal)
            .Replace("$layer", ".*", StringComparison.Ordinal);

    /// <summary>An alert's expression with thresholds that every number passes, and without looking back.</summary>
    /// <param name="expression">PromQL.</param>
    public static string Open(string expression) => LookBack().Replace(Comparison().Replace(expression, "> -Inf"), "");

    private void Collect(string path, JsonObject dashboard)
    {
        foreach (var variable in dashboard["templating"]!["list"]!.AsArray().Where(v => (string?)v!["type"] == "query"))
        {
            var query = (string)variable!["query"]!["query"]!;
            var selector = query["label_values(".Length..query.LastIndexOf(',')];
            Add(path, "variable", (string)variable["name"]!, selector);
        }

        foreach (var annotation in dashboard["annotations"]!["list"]!.AsArray())
        {
            Add(
                path,
                "annotation",
                (string)annotation!["name"]!,
                (string)annotation["target"]!["expr"]!,
                condition: "annotation"
            );
        }

        foreach (var panel in AllPanels(dashboard))
        {
            foreach (var target in panel["targets"]?.AsArray() ?? [])
            {
                Add(
                    path,
                    "panel",
                    (string)panel["title"]!,
                    (string)target!["expr"]!,
                    legend: (string)target["legendFormat"]!
                );
            }
        }
    }

    /// <summary>All panels of a dashboard, those inside collapsed rows too.</summary>
    /// <param name="dashboard">The dashboard.</param>
    public static IEnumerable<JsonObject> AllPanels(JsonObject dashboard) =>
        dashboard["panels"]!
            .AsArray()
            .SelectMany(panel => (JsonNode?[])[panel, .. panel!["panels"]?.AsArray() ?? []])
            .Select(panel => panel!.AsObject());

    private void Add(
        string source,
        string kind,
        string name,
        string expression,
        string? condition = null,
        string? legend = null
    )
    {
        IReadOnlyList<string> conditions = condition is null
            ? Conditions(expression)
            : [condition, .. Conditions(expression)];
        var entry = new ListedExpression(source, kind, name, expression, Fill(expression), conditions)
        {
            Legend = legend,
        };
        if (
            !_entries.Any(known =>
                (known.Source, known.Kind, known.Name, known.Expr) == (source, kind, name, expression)
            )
        )
        {
            _entries.Add(entry);
        }
    }

    private IReadOnlyList<string> Conditions(string expression)
    {
        var found = new List<string>();
        foreach (var name in MetricNames.In(expression))
        {
            if (_recorded.TryGetValue(name, out var inherited))
            {
                found.AddRange(inherited);
            }
            else if (
                MetricNames.Families(name).FirstOrDefault(_configuration.ConditionalFamilies.ContainsKey) is { } family
            )
            {
                found.Add(_configuration.ConditionalFamilies[family]);
            }
        }

        // Seconds are soon past.
        if (LookBack().Matches(expression).Any(match => match.Groups["unit"].Value != "s"))
        {
            found.Add("history");
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@" offset \d+(?<unit>[smhd])")]
    private static partial Regex LookBack();

    // With a number on the right; a comparison of two series has to do with what they are, not with how large.
    [GeneratedRegex(@"(?:>=|<=|==|!=|>|<) *-?(?:Inf|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")]
    private static partial Regex Comparison();
}
