using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>How a cluster is looked at.</summary>
[Section("status")]
internal sealed class ClusterStatusOptions
{
    /// <summary>The host's page.</summary>
    [Option("--url", "The address of the host's page.")]
    [HttpUrl("http://host:9464")]
    public string Url { get; set; } = "http://127.0.0.1:9464";

    /// <summary>Whether a program reads it.</summary>
    [Option("--json", "Print one JSON document and nothing else on standard output.")]
    public bool Json { get; set; }
}
