using System.Runtime.InteropServices;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on linearizations.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_linearization_create")]
    internal static partial NativeStatus LinearizationCreate(
        ObjectiveHandle objective,
        VectorHandle theta,
        long retainBytes,
        long limitBytes,
        out LinearizationHandle linearization,
        out double loss,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_gradient")]
    internal static partial NativeStatus LinearizationGradient(
        LinearizationHandle linearization,
        VectorHandle destination,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_hessian_product")]
    internal static partial NativeStatus LinearizationHessianProduct(
        LinearizationHandle linearization,
        VectorHandle v,
        VectorHandle result,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_gauss_newton_product")]
    internal static partial NativeStatus LinearizationGaussNewtonProduct(
        LinearizationHandle linearization,
        VectorHandle v,
        VectorHandle result,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_jacobian_product")]
    internal static partial NativeStatus LinearizationJacobianProduct(
        LinearizationHandle linearization,
        VectorHandle v,
        VectorHandle outputs,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_vector_jacobian_product")]
    internal static partial NativeStatus LinearizationVectorJacobianProduct(
        LinearizationHandle linearization,
        VectorHandle outputs,
        VectorHandle result,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_stats")]
    internal static partial NativeStatus LinearizationStats(
        LinearizationHandle linearization,
        out int microBatches,
        out int retained,
        out long retainedBytes,
        out long peakBytes,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_degradation")]
    internal static partial NativeStatus LinearizationDegradation(
        LinearizationHandle linearization,
        out int rebuilt,
        out long microBatch,
        Span<byte> lacking,
        int capacity,
        out double discrepancy,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_linearization_free")]
    internal static partial void LinearizationFree(IntPtr handle);
}
