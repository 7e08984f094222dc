using System.Globalization;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>The memory that a process may take before it takes it from others.</summary>
internal static class FreeMemory
{
    private const string Field = "MemAvailable:";

    /// <summary>In bytes: what the machine has free now, and no more than this process's container allows.</summary>
    internal static long Bytes =>
        Math.Min(Available() ?? long.MaxValue, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static long? Available()
    {
        try
        {
            string? line = File.ReadLines("/proc/meminfo")
                .FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            string? kilobytes = line?[Field.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number * 1024
                : null;
        }
        catch (IOException)
        {
            // Another system than Linux.
            return null;
        }
    }
}
