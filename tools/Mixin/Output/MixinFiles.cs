using System.Text.Json;
using System.Text.Json.Nodes;
using CurvatureMonitor.Mixin.Dashboards;
using CurvatureMonitor.Mixin.Rules;

namespace CurvatureMonitor.Mixin.Output;

/// <summary>Everything that is generated: path from the repository's root, and text.</summary>
internal static class MixinFiles
{
    /// <summary>The configuration's path from the repository's root.</summary>
    public const string ConfigurationPath = "grafana/mixin.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Generates all files.</summary>
    /// <param name="configuration">What to generate them from.</param>
    public static IReadOnlyDictionary<string, string> Generate(MixinConfiguration configuration)
    {
        var recording = new RecordingRules(configuration).All();
        var alerts = AlertRules.All(configuration);
        var rulesFile = RuleFile.Recording(recording);
        var alertsFile = RuleFile.Alerts(alerts, configuration);
        var dashboards = Dashboards(configuration);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grafana/rules.yml"] = RuleFile.Header + rulesFile,
            ["grafana/alerts.yml"] = RuleFile.Header + alertsFile,
            ["deploy/kubernetes/prometheus-rule.yaml"] =
                RuleFile.Header + RuleFile.PrometheusRule(rulesFile, alertsFile),
            ["grafana/expressions.json"] = new ExpressionList(configuration, recording, alerts, dashboards).ToJson(),
        };
        foreach (var (path, dashboard) in dashboards)
        {
            files.Add(path, dashboard.ToJsonString(Options) + "\n");
        }

        return files;
    }

    /// <summary>The dashboards by path.</summary>
    /// <param name="c">What to generate them from.</param>
    public static IReadOnlyDictionary<string, JsonObject> Dashboards(MixinConfiguration c) =>
        new Dictionary<string, JsonObject>(StringComparer.Ordinal)
        {
            ["grafana/dashboards/curvature-run.json"] = new RunDashboard(c).Build(),
            ["grafana/dashboards/curvature-fleet.json"] = new FleetDashboard(c).Build(),
            ["grafana/dashboards/curvature-operations.json"] = new OperationsDashboard(c).Build(),
        };
}
