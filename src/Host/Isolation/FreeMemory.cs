using System.Globalization;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>The memory that a process may take before it takes it from others.</summary>
internal static class FreeMemory
{
    private const string Field = "MemAvailable:";

    /// <summary>
    /// In bytes: what the machine has free now, and no more than this process's container allows. Null for a device
    /// with memory of its own, which is mapped into the process: it would count, though none of the machine's is used.
    /// </summary>
    /// <param name="device">Where the process computes, such as <c>cpu</c>.</param>
    internal static long? For(string device) =>
        device.StartsWith("cpu", StringComparison.OrdinalIgnoreCase)
            ? Math.Min(Available() ?? long.MaxValue, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
            : null;

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
