using CurvatureMonitor.Actors.Cluster.Nodes;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>Settings of a worker of a cluster.</summary>
public sealed record WorkerNodeOptions
{
    /// <summary>The exit code of a process whose job took longer than it may: a supervisor starts another.</summary>
    public const int TimedOutExitCode = 75;

    /// <summary>The exit code of a process that lost its hosts, or was shut out: a supervisor starts another.</summary>
    public const int LostHostExitCode = 76;

    /// <summary>How it takes part in the cluster.</summary>
    public required NodeOptions Node { get; init; }

    /// <summary>
    /// The worker's name in metrics and lists: letters, digits, hyphens, dots and underscores; unique in the cluster.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where answers are kept until a host has taken them; workers of one machine may share it.</summary>
    public required string AnswersDirectory { get; init; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Bytes that a job may use; half of what the process may use where null.</summary>
    public long? MemoryBudgetBytes { get; init; }

    /// <summary>How long a job may take, its files included; the process ends where it takes longer.</summary>
    public TimeSpan JobTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Runs whose model and probe set are kept ready; the one used longest ago is released first.</summary>
    public int RunsKept { get; init; } = 8;

    /// <summary>Ends the process with a code, at once and without any clean-up; the real thing where null.</summary>
    public Action<int>? Exit { get; init; }

    /// <summary>Times that tests make short.</summary>
    internal WorkerTimings Timings { get; init; } = new();
}
