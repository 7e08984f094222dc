using System.Runtime.InteropServices;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Interop;

/// <summary>The functions on objectives.</summary>
internal static partial class Native
{
    [LibraryImport(Library, EntryPoint = "cm_objective_create")]
    internal static partial NativeStatus ObjectiveCreate(
        ScriptModelHandle model,
        SamplesHandle samples,
        Loss loss,
        BatchNormMode batchNorm,
        long microBatch,
        out ObjectiveHandle objective,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_objective_sizes")]
    internal static partial NativeStatus ObjectiveSizes(
        ObjectiveHandle objective,
        out long samples,
        out long parameters,
        out long buffers,
        out long outputs,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_objective_read_buffers")]
    internal static partial NativeStatus ObjectiveReadBuffers(
        ObjectiveHandle objective,
        VectorHandle destination,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_objective_write_buffers")]
    internal static partial NativeStatus ObjectiveWriteBuffers(
        ObjectiveHandle objective,
        VectorHandle source,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_objective_evaluate")]
    internal static partial NativeStatus ObjectiveEvaluate(
        ObjectiveHandle objective,
        VectorHandle theta,
        out double loss,
        out double accuracy,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_objective_gradient")]
    internal static partial NativeStatus ObjectiveGradient(
        ObjectiveHandle objective,
        VectorHandle theta,
        VectorHandle gradient,
        out double loss,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_objective_batch_gradient")]
    internal static unsafe partial NativeStatus ObjectiveBatchGradient(
        ObjectiveHandle objective,
        VectorHandle theta,
        long* indices,
        long count,
        int training,
        VectorHandle gradient,
        out double loss,
        out NativeError error
    );

    [LibraryImport(Library, EntryPoint = "cm_objective_free")]
    internal static partial void ObjectiveFree(IntPtr handle);
}
