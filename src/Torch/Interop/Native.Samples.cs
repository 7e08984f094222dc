using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on samples.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_samples_create")]
    internal static unsafe partial NativeStatus SamplesCreate(
        void* inputs,
        int inputType,
        long* shape,
        int rank,
        void* targets,
        int targetType,
        long targetOutputs,
        ElementType type,
        int device,
        out SamplesHandle samples,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_samples_free")]
    internal static partial void SamplesFree(IntPtr handle);
}
