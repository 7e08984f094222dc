using System.Runtime.InteropServices;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on the runtime.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_runtime_describe")]
    internal static unsafe partial NativeStatus RuntimeDescribe(
        byte* version,
        byte* blas,
        int capacity,
        out int hasCuda,
        out int cudaDevices,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_runtime_check_device")]
    internal static partial NativeStatus RuntimeCheckDevice(int device, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_runtime_set_threads")]
    internal static partial NativeStatus RuntimeSetThreads(int threads, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_runtime_get_threads")]
    internal static partial NativeStatus RuntimeGetThreads(out int threads, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_runtime_live")]
    internal static unsafe partial NativeStatus RuntimeLive(
        long* objectsByKind,
        int kinds,
        out long bytes,
        out long peakBytes,
        out NativeError error
    );
}
