using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>Which checkpoints of a bundle are measured, and as which function.</summary>
[Section("bundle")]
internal sealed class BundleOptions
{
    /// <summary>The steps; the latest where null.</summary>
    [Option(
        "--checkpoint",
        "The step of the checkpoint, for analyze several with commas between, or all; without it the latest."
    )]
    public string? Checkpoint { get; set; }

    /// <summary>What is done with casts of the program; what the bundle says where null.</summary>
    [Option(
        "--autocast",
        "off or keep: whether the program's casts to types of less precision are done without, or made and covered by "
            + "the error bars; without it as the bundle says, or off."
    )]
    [Words<AutocastMode>]
    public string? Autocast { get; set; }
}
