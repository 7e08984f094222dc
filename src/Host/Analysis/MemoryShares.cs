using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// How a budget of bytes is shared out: a quarter for the Lanczos basis, the rest for products, of which half of the
/// whole may go into kept graphs.
/// </summary>
/// <param name="Linearization">The limits of the linearization.</param>
/// <param name="BasisBytes">Bytes that a basis may take.</param>
internal sealed record MemoryShares(LinearizationOptions Linearization, long BasisBytes)
{
    /// <summary>The budget where the user names none: half of what the process may use.</summary>
    internal static long Default => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    internal static MemoryShares Of(long budget) =>
        new(new LinearizationOptions { RetainBytes = budget / 2, LimitBytes = budget - (budget / 4) }, budget / 4);
}
