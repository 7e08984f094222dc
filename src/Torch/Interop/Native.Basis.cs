using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on bases.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_basis_create")]
    internal static partial NativeStatus BasisCreate(
        long length,
        int capacity,
        ElementType type,
        int device,
        out BasisHandle basis,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_create_on_host")]
    internal static partial NativeStatus BasisCreateOnHost(
        long length,
        int capacity,
        ElementType type,
        int device,
        out BasisHandle basis,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_append")]
    internal static partial NativeStatus BasisAppend(BasisHandle basis, VectorHandle v, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_basis_truncate")]
    internal static partial NativeStatus BasisTruncate(BasisHandle basis, int count, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_basis_copy_column")]
    internal static partial NativeStatus BasisCopyColumn(
        BasisHandle basis,
        int column,
        VectorHandle destination,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_project")]
    internal static unsafe partial NativeStatus BasisProject(
        BasisHandle basis,
        VectorHandle w,
        double* coefficients,
        int count,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_subtract")]
    internal static unsafe partial NativeStatus BasisSubtract(
        BasisHandle basis,
        VectorHandle w,
        double* coefficients,
        int count,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_combine")]
    internal static unsafe partial NativeStatus BasisCombine(
        BasisHandle basis,
        double* coefficients,
        int count,
        VectorHandle destination,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_orthogonalise")]
    internal static partial NativeStatus BasisOrthogonalise(BasisHandle basis, VectorHandle w, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_basis_rotate")]
    internal static unsafe partial NativeStatus BasisRotate(
        BasisHandle basis,
        double* rotation,
        int count,
        int kept,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_share_column")]
    internal static partial NativeStatus BasisShareColumn(
        BasisHandle basis,
        int column,
        out VectorHandle vector,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_basis_place")]
    internal static partial NativeStatus BasisPlace(BasisHandle basis, int onHost, out NativeError error);

    [LibraryImport(Library, EntryPoint = "cm_basis_free")]
    internal static partial void BasisFree(IntPtr handle);
}
