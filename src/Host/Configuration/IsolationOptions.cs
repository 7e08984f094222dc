using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>Whether models are measured in processes of their own, and how long they may take there.</summary>
[Section("isolation")]
internal sealed class IsolationOptions
{
    /// <summary>Whether there is none.</summary>
    [Option(
        "--in-process",
        "Measure in this process and not in one of its own: a model that crashes or hangs takes it along."
    )]
    public bool InProcess { get; set; }

    /// <summary>Seconds until it is ended; never where null.</summary>
    [Option(
        "--deadline",
        "Seconds that measuring may take; then its process is ended. Without it no limit for analyze and validate, and "
            + "for serve half an hour a job and a minute to open a model."
    )]
    [Number(0.1, 1e7)]
    public double? Deadline { get; set; }

    /// <summary>The same as a time.</summary>
    internal TimeSpan? DeadlineOrNone => Deadline is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
