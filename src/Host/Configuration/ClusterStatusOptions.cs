using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>How a cluster is looked at.</summary>
[Section("status")]
internal sealed class ClusterStatusOptions
{
    /// <summary>Seconds that workers and hosts have to answer.</summary>
    [Option("--wait", "Seconds that workers and hosts have to answer.")]
    [Number(0, 600)]
    public double Wait { get; set; } = 1.5;

    /// <summary>Whether a program reads it.</summary>
    [Option("--json", "Print one JSON document and nothing else on standard output.")]
    public bool Json { get; set; }
}
