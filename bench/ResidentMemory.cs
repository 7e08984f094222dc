using System.Globalization;

namespace CurvatureMonitor.Bench;

/// <summary>The process's resident memory as Linux counts it: what other programs' peaks are quoted in.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status";
    private const string ResetPeak = "/proc/self/clear_refs";

    /// <summary>
    /// Bytes by which the peak during <paramref name="work"/> exceeds <paramref name="before"/>; null where the system
    /// does not tell.
    /// </summary>
    internal static long? PeakAbove(long? before, Action work)
    {
        if (before is null || !TryResetPeak())
        {
            return null;
        }

        work();
        return Read("VmHWM:") - before;
    }

    /// <summary>Bytes now; null where the system does not tell.</summary>
    internal static long? Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Read("VmRSS:");
    }

    private static bool TryResetPeak()
    {
        try
        {
            File.WriteAllText(ResetPeak, "5");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long? Read(string field)
    {
        string? line = File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))
            : null;
        string? kilobytes = line?[field.Length..].Replace("kB", string.Empty, StringComparison.Ordinal).Trim();
        return long.TryParse(kilobytes, CultureInfo.InvariantCulture, out long count) ? count * 1024 : null;
    }
}
