using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>The numbers that measuring computes in.</summary>
[Section("compute")]
internal sealed class PrecisionOptions
{
    /// <summary>The type; the data's own where null.</summary>
    [Option(
        "--dtype",
        "float32 or float64; without it the type of the checkpoint, or of the probe inputs of a run that is served."
    )]
    [Words<ElementType>]
    public string? Dtype { get; set; }

    /// <summary>The type; the data's own where null.</summary>
    internal ElementType? ElementType => Words.Maybe<ElementType>(Dtype);
}
