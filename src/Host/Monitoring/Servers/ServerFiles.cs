using System.Text.RegularExpressions;

namespace CurvatureMonitor.Host.Monitoring.Servers;

/// <summary>
/// The configuration that Prometheus is started with: the project's rules, and what the free ports make necessary.
/// </summary>
internal static partial class ServerFiles
{
    private static readonly string[] RuleFiles = ["rules.yml", "alerts.yml"];

    /// <summary>The project's rules, which are built beside the program.</summary>
    internal static IReadOnlyList<string> Rules(string folder) =>
        [.. RuleFiles.Select(name => Path.Combine(folder, name)).Where(File.Exists)];

    /// <summary>A rule file whose runbooks are read at this monitor, which may have any port.</summary>
    internal static string WithRunbooksAt(Uri monitor, string rules) =>
        RunbookAddress().Replace(rules, $"runbook_url: \"{new Uri(monitor, "runbooks/")}");

    /// <summary>Prometheus, scraping one monitor every second.</summary>
    internal static string Prometheus(Uri monitor, Uri? alertmanager, IReadOnlyList<string> rules)
    {
        string alerting = alertmanager is null
            ? ""
            : $"""

                alerting:
                  alertmanagers:
                    - static_configs:
                        - targets: ['{alertmanager.Authority}']
                """;
        string files =
            rules.Count == 0
                ? ""
                : $"""

                    rule_files:
                    {string.Join(
                        '\n',
                        rules.Select(path => $"  - '{path.Replace("'", "''", StringComparison.Ordinal)}'")
                    )}
                    """;
        return $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
              evaluation_interval: 1s
            scrape_configs:
              - job_name: curvature
                static_configs:
                  - targets: ['{monitor.Authority}']{alerting}{files}

            """;
    }

    [GeneratedRegex("runbook_url: \"[^\"]*/(?=[^/\"]*\")")]
    private static partial Regex RunbookAddress();
}
