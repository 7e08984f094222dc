namespace CurvatureMonitor.Host.Configuration;

/// <summary>Which checkpoints of a bundle are measured.</summary>
[Section("bundle")]
internal sealed class BundleOptions
{
    /// <summary>The steps; the latest where null.</summary>
    [Option(
        "--checkpoint",
        "The step of the checkpoint, for analyze several with commas between, or all; without it the latest."
    )]
    public string? Checkpoint { get; set; }
}
