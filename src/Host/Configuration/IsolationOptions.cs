using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>What the process of its own may use in which a model is measured.</summary>
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
    [Option("--deadline", "Seconds that measuring may take; then its process is ended. Without it no limit.")]
    [Number(0.1, 1e7)]
    public double? Deadline { get; set; }

    /// <summary>Megabytes that the process may hold; what is free where null.</summary>
    [Option(
        "--memory-limit",
        "Megabytes that the process of a measurement may hold, itself among them; without it those that the machine "
            + "has free, or three quarters of its container's. --memory-budget is what a measurement tries to keep to."
    )]
    [WholeNumber(500, 1_000_000_000, Advice = "give megabytes, at least 500")]
    public long? MemoryLimit { get; set; }

    /// <summary>The same as a time.</summary>
    internal TimeSpan? DeadlineOrNone => Deadline is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The same in bytes.</summary>
    internal long? MemoryLimitBytes => MemoryLimit * 1_000_000;
}
