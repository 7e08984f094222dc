using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>How a budget of bytes is shared out: a half for kept graphs, a quarter for the Lanczos basis, the rest for what a product needs while it runs.</summary>
/// <param name="Linearization">The limits of the linearization.</param>
/// <param name="BasisBytes">Bytes that a basis may take.</param>
internal sealed record MemoryShares(LinearizationOptions Linearization, long BasisBytes)
{
    /// <summary>The budget where the user names none: half of what the process may use.</summary>
    internal static long Default => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    internal static MemoryShares Of(long budget) => new(new LinearizationOptions { RetainBytes = budget / 2, LimitBytes = budget }, budget / 4);
}
