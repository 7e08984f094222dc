using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Passes;

/// <summary>Buffers of whole numbers or truth values as tensors, and as bytes.</summary>
internal static class DiscreteTensors
{
    /// <summary>The type of such a buffer; null for a tensor that is none.</summary>
    internal static DiscreteType? TypeOf(Tensor tensor) =>
        tensor.dtype switch
        {
            ScalarType.Bool => DiscreteType.Bool,
            ScalarType.Byte => DiscreteType.UInt8,
            ScalarType.Int8 => DiscreteType.Int8,
            ScalarType.Int16 => DiscreteType.Int16,
            ScalarType.Int32 => DiscreteType.Int32,
            ScalarType.Int64 => DiscreteType.Int64,
            _ => null,
        };

    /// <summary>The places of named tensors, all of them such buffers, among their bytes.</summary>
    internal static List<DiscreteSlot> Slots(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        List<DiscreteSlot> slots = [];
        foreach (var (name, tensor) in tensors)
        {
            slots.Add(Slot(name, tensor, slots));
        }

        return slots;
    }

    /// <summary>The next place after others.</summary>
    internal static DiscreteSlot Slot(string name, Tensor tensor, IReadOnlyList<DiscreteSlot> others) =>
        new(
            name,
            TypeOf(tensor)!.Value,
            tensor.shape,
            others.Count == 0 ? 0 : others[^1].Offset + others[^1].ByteLength
        );

    /// <summary>Sets a tensor from the little-endian bytes of its elements.</summary>
    internal static void Write(Tensor tensor, DiscreteSlot slot, ReadOnlySpan<byte> values)
    {
        Arguments.RequireLength(values.Length, slot.ByteLength, slot.Name);
        using var mode = no_grad();
        using var host = HostTensor.From(values, [.. slot.Shape], tensor.dtype);
        tensor.copy_(host);
    }

    /// <summary>Copies a tensor to the little-endian bytes of its elements.</summary>
    internal static void Read(Tensor tensor, Span<byte> destination)
    {
        using var host = tensor.detach().to(CPU).contiguous();
        HostTensor.Read(host, destination);
    }
}
