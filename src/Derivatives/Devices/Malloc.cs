using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// The C library's allocator, from which libtorch takes a processor's tensors. glibc gives every large block back to
/// the system as soon as it is freed, and the next pass pays for its pages again: with small layers a gradient took two
/// to four times as long. Other C libraries are left as they are.
/// </summary>
internal static partial class Malloc
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int MaxArenas = -8;

    // The largest block that is not mapped, and freed, on its own.
    private const int LargestKept = 1 << 30;

    /// <summary>The bytes of all blocks in use; null where the C library does not tell.</summary>
    internal static long? BytesInUse => Read() is { } info ? (long)(info.InUse + info.Mapped) : null;

    /// <summary>The bytes of blocks that the system takes back when they are freed.</summary>
    internal static long? MappedBytes => (long?)Read()?.Mapped;

    /// <summary>
    /// Keeps freed memory for the next pass; resident memory then stays at its peak. Blocks of threads with an arena of
    /// their own end at 64 MiB, beyond which they are mapped still; no further arena is made, but the runtime has some
    /// by now. A process started with <c>MALLOC_ARENA_MAX=1</c> has none.
    /// </summary>
    /// <returns>Whether the C library can.</returns>
    internal static bool KeepFreedMemory() =>
        Try(() => Set(MapThreshold, LargestKept) & Set(TrimThreshold, int.MaxValue) & Set(MaxArenas, 1)) == 1;

    private static MallocInfo? Read() => Try(() => ReadInfo());

    private static T? Try<T>(Func<T> call)
        where T : struct
    {
        try
        {
            return OperatingSystem.IsLinux() ? call() : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int parameter, int value);

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo ReadInfo();

    [StructLayout(LayoutKind.Sequential)]
    private struct MallocInfo
    {
        internal nuint Arena;
        internal nuint FreeChunks;
        internal nuint FastChunks;
        internal nuint MappedRegions;
        internal nuint Mapped;
        internal nuint Unused;
        internal nuint FastFree;
        internal nuint InUse;
        internal nuint Free;
        internal nuint Trimmable;
    }
}
