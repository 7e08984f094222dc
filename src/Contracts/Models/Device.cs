using System.Globalization;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Contracts.Models;

/// <summary>Where numbers live and are computed: the CPU, or one CUDA device.</summary>
public sealed record Device
{
    private const int CpuIndex = -1;

    private Device(int index) => Index = index;

    /// <summary>The CPU.</summary>
    public static Device Cpu { get; } = new(CpuIndex);

    /// <summary>Whether this is a CUDA device.</summary>
    public bool IsCuda => Index != CpuIndex;

    /// <summary>The number of the CUDA device; −1 for the CPU.</summary>
    public int Index { get; }

    /// <summary>Reads the name of a device that another process uses: nothing can be computed on it here.</summary>
    /// <param name="text">The device's name as PyTorch writes it.</param>
    /// <exception cref="UserErrorException">The name is unknown.</exception>
    public static Device Elsewhere(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "cpu")
        {
            return Cpu;
        }

        int index = 0;
        bool isCuda =
            text == "cuda"
            || (
                text.StartsWith("cuda:", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            );
        return isCuda
            ? new Device(index)
            : throw new UserErrorException($"device '{text}' is unknown", "use cpu, cuda or cuda:N");
    }

    /// <summary>The device's name as PyTorch writes it.</summary>
    public override string ToString() => IsCuda ? string.Create(CultureInfo.InvariantCulture, $"cuda:{Index}") : "cpu";
}
