using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Configuration.Rules;

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
        "Threads an operation of libtorch, at most: small models take one. Without it all cores, which a training and "
            + "its curvature actors share."
    )]
    [WholeNumber(1, 1024)]
    public int? Threads { get; set; }

    /// <summary>Threads an operation where nothing else computes: those that are named, or all cores.</summary>
    internal int ThreadsAlone => Threads ?? Environment.ProcessorCount;

    /// <summary>Megabytes that measuring may use; half of the machine's where null.</summary>
    [Option("--memory-budget", "Megabytes that measuring may use; without it half of the machine's.")]
    [WholeNumber(1, 1_000_000_000, Advice = "give megabytes, at least 1")]
    public long? MemoryBudget { get; set; }

    /// <summary>Bytes that measuring may use; half of the machine's where null.</summary>
    internal long? MemoryBudgetBytes => MemoryBudget * 1_000_000;

    /// <summary>The device.</summary>
    /// <exception cref="DerivativeException">It is not known, or not here.</exception>
    internal Device ParseDevice() => Contracts.Models.Device.Parse(Device);
}
