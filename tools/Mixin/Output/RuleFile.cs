using System.Text;
using System.Text.Json;
using CurvatureMonitor.Mixin.Rules;

namespace CurvatureMonitor.Mixin.Output;

/// <summary>
/// Rules as YAML. Text of people is written as JSON strings, which YAML reads as they are; expressions are literal
/// blocks, so that they can be read.
/// </summary>
internal static class RuleFile
{
    /// <summary>What heads every generated file.</summary>
    public const string Header =
        "# Generated from grafana/mixin.json by tools/Mixin (dotnet run --project tools/Mixin): do not edit.\n";

    private static readonly JsonSerializerOptions Quoting = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The recording rules as a file of one group.</summary>
    /// <param name="rules">The rules in order.</param>
    public static string Recording(IReadOnlyList<RecordingRule> rules)
    {
        var text = new StringBuilder("groups:\n  - name: curvature-recording\n    rules:\n");
        foreach (var rule in rules)
        {
            text.Append("      - record: ").Append(rule.Name).Append('\n');
            Expression(text, rule.Expression);
        }

        return text.ToString();
    }

    /// <summary>The alerts as a file.</summary>
    /// <param name="groups">The groups in order.</param>
    /// <param name="configuration">Severities, times and runbooks.</param>
    public static string Alerts(IReadOnlyList<AlertGroup> groups, MixinConfiguration configuration)
    {
        var text = new StringBuilder("groups:\n");
        foreach (var group in groups)
        {
            text.Append("  - name: ").Append(group.Name).Append("\n    rules:\n");
            foreach (var alert in group.Alerts)
            {
                Alert(text, alert, configuration);
            }
        }

        return text.ToString();
    }

    /// <summary>The groups of several files as the resource of Prometheus' operator.</summary>
    /// <param name="files">Rule files as the other methods write them.</param>
    public static string PrometheusRule(params IReadOnlyList<string> files)
    {
        var text = new StringBuilder(
            """
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: curvature
              labels:
                app.kubernetes.io/name: curvature
            spec:
              groups:

            """
        );
        foreach (var line in files.SelectMany(file => file.Split('\n').Skip(1)).Where(line => line.Length > 0))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static void Alert(StringBuilder text, AlertRule alert, MixinConfiguration configuration)
    {
        var settings = configuration.Alert(alert.Name);
        text.Append("      - alert: ").Append(alert.Name).Append('\n');
        Expression(text, alert.Expression);
        if (settings["for"] != "0s")
        {
            text.Append("        for: ").Append(settings["for"]).Append('\n');
        }

        if (settings.Optional("keepFiringFor") is { } longer)
        {
            text.Append("        keep_firing_for: ").Append(longer).Append('\n');
        }

        text.Append("        labels:\n          severity: ").Append(settings["severity"]).Append('\n');
        foreach (var (label, value) in alert.Labels)
        {
            text.Append("          ").Append(label).Append(": ").Append(value).Append('\n');
        }

        text.Append("        annotations:\n");
        text.Append("          summary: ").Append(Quote(alert.Summary)).Append('\n');
        text.Append("          description: ").Append(Quote(alert.Description)).Append('\n');
        text.Append("          runbook_url: ").Append(Quote(configuration.RunbookUrl(alert.Name))).Append('\n');
    }

    private static void Expression(StringBuilder text, string expression)
    {
        text.Append("        expr: |-\n");
        foreach (var line in expression.ReplaceLineEndings("\n").Split('\n'))
        {
            text.Append("          ").Append(line).Append('\n');
        }
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);
}
