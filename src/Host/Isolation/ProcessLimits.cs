using System.Runtime.InteropServices;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>
/// What the kernel holds this process to. It must be set before libtorch is loaded: memory that is there counts.
/// </summary>
internal static partial class ProcessLimits
{
    private const int DataResource = 2;
    private const int CoreResource = 4;

    // Half of the scale: before all that do not ask for it, and after what others gave up already.
    private const string Expendable = "500";

    /// <summary>Bounds the memory that the process can write to, and lets the kernel end it before others.</summary>
    /// <param name="bytes">The bound; none where null.</param>
    /// <returns>The bound that holds now; null where this system knows none.</returns>
    internal static long? Apply(long? bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // A model that crashes is no fault of this program, and its gigabytes help nobody.
        Set(CoreResource, 0);
        MakeExpendable();
        return bytes is { } bound && Set(DataResource, (ulong)bound) ? bytes : null;
    }

    private static bool Set(int resource, ulong bound)
    {
        if (GetLimit(resource, out var limit) != 0)
        {
            return false;
        }

        limit.Current = Math.Min(bound, limit.Maximum);
        return SetLimit(resource, in limit) == 0;
    }

    private static void MakeExpendable()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", Expendable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Without it the kernel chooses by size, and most likely the same.
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        internal ulong Current;
        internal ulong Maximum;
    }
}
