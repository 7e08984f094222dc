namespace CurvatureMonitor.Host.Analysis;

/// <summary>The memory that a measurement may use.</summary>
internal static class MemoryShares
{
    /// <summary>The budget in bytes where the user names none: half of the memory that the process may use.</summary>
    internal static long Default => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}
