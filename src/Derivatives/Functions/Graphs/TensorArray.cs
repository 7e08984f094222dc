using System.Runtime.InteropServices;

namespace CurvatureMonitor.Derivatives.Functions.Graphs;

/// <summary>Handles of tensors as libLibTorchSharp takes and gives them; 0 stands for an undefined one.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct TensorArray(nint* handles, long count)
{
    internal readonly nint* Handles = handles;
    internal readonly long Count = count;
}
