namespace CurvatureMonitor.Host.Configuration;

/// <summary>Of the demonstration alone.</summary>
[Section("demo")]
internal sealed class DemoOptions
{
    /// <summary>Whether Prometheus and Alertmanager are not started.</summary>
    [Option("--no-prometheus", "Do not start Prometheus and Alertmanager, even where they are installed.")]
    public bool NoPrometheus { get; set; }
}
