using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>Numbers between host memory and tensors on the CPU.</summary>
internal static unsafe class HostTensor
{
    /// <summary>A new tensor with these numbers, in no dispose scope.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The shape, of as many numbers.</param>
    /// <param name="type">The tensor's type, of the size of <typeparamref name="T"/>.</param>
    internal static Tensor From<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> shape, ScalarType type)
        where T : unmanaged
    {
        LibTorch.Prepare();
        long[] sizes = shape.ToArray();
        var tensor = Calls.Make(() => empty(sizes, type));
        fixed (T* source = values)
        {
            long bytes = values.Length * (long)sizeof(T);
            Buffer.MemoryCopy(source, Address(tensor), bytes, bytes);
        }

        return tensor;
    }

    /// <summary>Copies all numbers of a contiguous tensor on the CPU.</summary>
    internal static void Read<T>(Tensor tensor, Span<T> values)
        where T : unmanaged
    {
        fixed (T* target = values)
        {
            long bytes = values.Length * (long)sizeof(T);
            Buffer.MemoryCopy(Address(tensor), target, bytes, bytes);
        }

        // Its finalizer frees the numbers.
        GC.KeepAlive(tensor);
    }

    /// <summary>
    /// Where the numbers of a contiguous tensor on the CPU lie, while it lives; null where it has none.
    /// </summary>
    internal static void* Address(Tensor tensor)
    {
        if (tensor.NumberOfElements == 0)
        {
            return null;
        }

        // The tensor's own accessor knows spans of 2 GiB at most.
        using var flat = tensor.view(-1);
        using var head = flat.narrow(0, 0, 1);
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(head.bytes));
    }
}
