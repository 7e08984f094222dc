using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>Tells tensors that are the same memory, in the same shape and order: tied ones.</summary>
/// <param name="Address">Where the first entry is.</param>
/// <param name="Layout">Shape, strides and element type.</param>
internal readonly record struct TensorIdentity(nint Address, string Layout)
{
    /// <summary>The identity of a tensor; null for one without entries, which shares nothing.</summary>
    internal static unsafe TensorIdentity? Of(Tensor tensor)
    {
        if (tensor.NumberOfElements == 0)
        {
            return null;
        }

        using var gradients = no_grad();
        using var first = tensor.as_strided([1], [1], tensor.storage_offset());
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
        string layout = $"{tensor.dtype} {string.Join(',', tensor.shape)} {string.Join(',', tensor.stride())}";
        return new TensorIdentity(address, layout);
    }
}
