using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>What measuring runs on, and what it may use.</summary>
[Section("compute")]
internal sealed class ComputeOptions
{
    /// <summary>The device.</summary>
    [Option("--device", "cpu, cuda or cuda:N.")]
    public string Device { get; set; } = "cpu";

    /// <summary>Threads an operation of libtorch; shared between those who compute where null.</summary>
    [Option(
        "--threads",
        "Threads an operation of libtorch; without it all cores, which a training and its curvature actors share."
    )]
    [WholeNumber(1, 1024)]
    public int? Threads { get; set; }

    /// <summary>Megabytes that measuring may use; half of the machine's where null.</summary>
    [Option("--memory-budget", "Megabytes that measuring may use; without it half of the machine's.")]
    [WholeNumber(1, 1_000_000_000, Advice = "give megabytes, at least 1")]
    public long? MemoryBudget { get; set; }

    /// <summary>Bytes that measuring may use; half of the machine's where null.</summary>
    internal long? MemoryBudgetBytes => MemoryBudget * 1_000_000;

    /// <summary>The device.</summary>
    /// <exception cref="TorchException">It is not known, or not here.</exception>
    internal Device ParseDevice() => Contracts.Models.Device.Parse(Device);
}
