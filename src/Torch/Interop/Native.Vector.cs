using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on vectors.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_vector_create")]
    internal static partial NativeStatus VectorCreate(
        long length,
        ElementType type,
        int device,
        out VectorHandle vector,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_clone")]
    internal static partial NativeStatus VectorClone(
        VectorHandle source,
        out VectorHandle clone,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_copy_range")]
    internal static partial NativeStatus VectorCopyRange(
        VectorHandle destination,
        long start,
        VectorHandle source,
        long sourceStart,
        long count,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_copy")]
    internal static partial NativeStatus VectorCopy(
        VectorHandle destination,
        VectorHandle source,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_read")]
    internal static unsafe partial NativeStatus VectorRead(
        VectorHandle source,
        void* values,
        long count,
        ElementType type,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_write")]
    internal static unsafe partial NativeStatus VectorWrite(
        VectorHandle destination,
        void* values,
        long count,
        ElementType type,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_fill")]
    internal static partial NativeStatus VectorFill(VectorHandle vector, double value, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_fill_normal")]
    internal static partial NativeStatus VectorFillNormal(VectorHandle vector, long seed, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_fill_rademacher")]
    internal static partial NativeStatus VectorFillRademacher(VectorHandle vector, long seed, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_dot")]
    internal static partial NativeStatus VectorDot(
        VectorHandle a,
        VectorHandle b,
        out double value,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_sum")]
    internal static partial NativeStatus VectorSum(VectorHandle vector, out double value, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_max_abs")]
    internal static partial NativeStatus VectorMaxAbs(VectorHandle vector, out double value, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_is_finite")]
    internal static partial NativeStatus VectorIsFinite(VectorHandle vector, out int finite, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_scale")]
    internal static partial NativeStatus VectorScale(VectorHandle vector, double factor, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_add")]
    internal static partial NativeStatus VectorAdd(
        VectorHandle vector,
        VectorHandle x,
        double factor,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_multiply")]
    internal static partial NativeStatus VectorMultiply(VectorHandle vector, VectorHandle x, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_vector_blend")]
    internal static partial NativeStatus VectorBlend(
        VectorHandle vector,
        double beta,
        VectorHandle x,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_blend_square")]
    internal static partial NativeStatus VectorBlendSquare(
        VectorHandle vector,
        double beta,
        VectorHandle x,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_add_root_quotient")]
    internal static partial NativeStatus VectorAddRootQuotient(
        VectorHandle vector,
        double factor,
        VectorHandle numerator,
        VectorHandle square,
        double rootScale,
        double epsilon,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_free")]
    internal static partial void VectorFree(IntPtr handle);
}
