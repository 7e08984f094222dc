using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>
/// The functions of libLibTorchSharp by which nodes written in C# become part of libtorch's graph. TorchSharp's own
/// class over them keeps an empty copy of every output and a list of all nodes, and an exception ends the process.
/// </summary>
internal static unsafe partial class NodeExports
{
    private const string Library = "LibTorchSharp";

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_ctor")]
    internal static partial NodeHandle Create(nint apply, nint deleted);

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_disposeSharedPtr")]
    internal static partial void DisposeShared(NodeHandle node);

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_disposeWeakPtr")]
    internal static partial void DisposeWeak(NodeHandle node);

    [LibraryImport(Library, EntryPoint = "THSAutograd_CSharpNode_setNextEdges")]
    internal static partial void SetNextEdges(NodeHandle node, TensorArray inputs, byte recorded);

    [LibraryImport(Library, EntryPoint = "THSAutograd_Function_wrapOutputs")]
    internal static partial void WrapOutputs(
        TensorArray inputs,
        TensorArray nonDifferentiable,
        TensorArray dirty,
        TensorArray outputs,
        NodeHandle node,
        delegate* unmanaged<nuint, nint*> allocate
    );

    [LibraryImport(Library, EntryPoint = "THSAutograd_SavedVariable_ctor")]
    internal static partial nint Save(nint tensor, NodeHandle node, byte inPlaceOnView);

    [LibraryImport(Library, EntryPoint = "THSAutograd_SavedVariable_unpack")]
    internal static partial nint Unpack(nint saved, NodeHandle node);

    [LibraryImport(Library, EntryPoint = "THSAutograd_SavedVariable_dispose")]
    internal static partial void DisposeSaved(nint saved);

    [LibraryImport(Library, EntryPoint = "THSTensor_dispose")]
    internal static partial void DisposeTensor(nint tensor);

    [LibraryImport(Library, EntryPoint = "THSAutograd_isGradEnabled")]
    [SuppressGCTransition]
    internal static partial byte IsRecording();

    [LibraryImport(Library, EntryPoint = "THSAutograd_setGrad")]
    [SuppressGCTransition]
    internal static partial void SetRecording(byte recording);
}
