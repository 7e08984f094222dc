using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>What a process that measures may hold.</summary>
[Section("isolation")]
internal sealed class MemoryLimitOptions
{
    /// <summary>Megabytes; what is free where null.</summary>
    [Option(
        "--memory-limit",
        "Megabytes that the process of a measurement may hold, itself among them; without it those that the machine "
            + "has free, or three quarters of its container's, and no limit for a worker. --memory-budget is what a "
            + "measurement tries to keep to."
    )]
    [WholeNumber(500, 1_000_000_000, Advice = "give megabytes, at least 500")]
    public long? MemoryLimit { get; set; }

    /// <summary>The same in bytes.</summary>
    internal long? Bytes => MemoryLimit * 1_000_000;
}
