using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>Which runs a host takes, how often it measures them, and what it keeps.</summary>
[Section("serve")]
internal sealed class ServeOptions
{
    /// <summary>The folders.</summary>
    [Option("--watch", "A folder that is a run bundle, or has run bundles one level down; may be given again.")]
    public string[] Watch { get; set; } = [];

    /// <summary>Where histories and checkpoints are kept.</summary>
    [Option("--data-dir", "Where histories and the checkpoints that come over HTTP are kept.")]
    public string DataDir { get; set; } = "curvature-data";

    /// <summary>n, where every n-th checkpoint is measured.</summary>
    [Option("--every", "Measure every n-th checkpoint of a run.")]
    [WholeNumber(1, int.MaxValue)]
    public int Every { get; set; } = 1;

    /// <summary>Seed of everything random.</summary>
    [Option("--seed", "Seed of everything random: start vectors, probes, batches.")]
    public long Seed { get; set; } = 1;

    /// <summary>Seconds between two looks at watched folders.</summary>
    [Option("--poll", "Seconds between two looks at watched folders.")]
    [Number(0.01, 3600)]
    public double Poll { get; set; } = 1;

    /// <summary>Seconds that metrics show a run after its end.</summary>
    [Option("--metrics-grace", "Seconds that /metrics shows a run after its end.", FormerName = "--grace")]
    [Number(0, 1e7)]
    public double MetricsGrace { get; set; } = 900;

    /// <summary>Seconds without a checkpoint after which a run counts as stale.</summary>
    [Option(
        "--stale-after",
        "Seconds without a checkpoint after which a run counts as stale; three times the last interval between two of "
            + "its checkpoints where that is longer."
    )]
    [Number(0.01, 1e6)]
    public double StaleAfter { get; set; } = 600;

    /// <summary>How many of the last checkpoints are kept.</summary>
    [Option("--keep", "Checkpoints of a run over HTTP that are kept beside those with measurements: the last n.")]
    [WholeNumber(1, int.MaxValue)]
    public int Keep { get; set; } = 10;

    /// <summary>Gigabytes that checkpoints may take in all.</summary>
    [Option("--max-disk", "Gigabytes that checkpoints over HTTP may take in all.")]
    [Number(1e-6, 1e6)]
    public double MaxDisk { get; set; } = 100;

    /// <summary>Gigabytes that a model or a probe set may have.</summary>
    [Option("--max-upload", "Gigabytes that a model or a probe set over HTTP may have.")]
    [Number(1e-6, 1e6)]
    public double MaxUpload { get; set; } = 4;
}
