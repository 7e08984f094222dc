using System.Runtime.InteropServices;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on groups of samples.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_objective_has_batch_norm")]
    internal static partial NativeStatus ObjectiveHasBatchNorm(
        ObjectiveHandle objective,
        out int hasBatchNorm,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_groups_gradient_squares")]
    internal static unsafe partial NativeStatus GroupsGradientSquares(
        LinearizationHandle linearization,
        long* order,
        long* starts,
        long groups,
        VectorHandle centre,
        double* squares,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_groups_product_squares")]
    internal static unsafe partial NativeStatus GroupsProductSquares(
        LinearizationHandle linearization,
        GroupProduct kind,
        long* order,
        long* starts,
        long groups,
        BasisHandle directions,
        BasisHandle centres,
        double* squares,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_groups_rayleigh_quotients")]
    internal static unsafe partial NativeStatus GroupsRayleighQuotients(
        LinearizationHandle linearization,
        GroupProduct kind,
        long* order,
        long* starts,
        long groups,
        double* quotients,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_vector_segment_dots")]
    internal static unsafe partial NativeStatus VectorSegmentDots(
        VectorHandle a,
        VectorHandle b,
        long* ends,
        long segments,
        double* dots,
        out NativeError error
    );
}
