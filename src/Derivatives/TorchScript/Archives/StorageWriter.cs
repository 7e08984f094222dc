using System.Runtime.InteropServices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>
/// Gives tensors their storages: tensors that share memory share one, of which no more is written than they span.
/// </summary>
internal sealed class StorageWriter
{
    private const long PieceBytes = 1 << 28;

    // On the CPU; the tensors themselves where they are there already.
    private readonly Dictionary<Tensor, StoredTensor> _places = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor> _flat = [];

    /// <summary>Finds the storages of all tensors; what it makes is in the caller's dispose scope.</summary>
    /// <exception cref="DerivativeException">A tensor is sparse, or of a type that files do not have.</exception>
    internal StorageWriter(IEnumerable<Tensor> tensors)
    {
        using var noGradient = no_grad();
        var local = tensors.Select(tensor => (tensor, copy: OnCpu(tensor)));
        var placed = local.Select((pair, i) => (pair.tensor, pair.copy, start: Base(pair.copy, i)));
        foreach (var group in placed.GroupBy(member => (member.start, member.copy.dtype)))
        {
            var members = group.ToArray();
            long first = members.Min(member => member.copy.storage_offset());
            long count = members.Max(member => Extent(member.copy)) - first;
            var storage = new StorageReference($"{_flat.Count}", members[0].copy.dtype, Math.Max(count, 0));
            _flat.Add(members[0].copy.detach().as_strided([storage.Count], [1], first));
            foreach (var (tensor, copy, _) in members)
            {
                _places[tensor] = new(storage, new(copy.storage_offset() - first, copy.shape, copy.stride()));
            }
        }
    }

    /// <summary>Where a tensor is stored.</summary>
    internal StoredTensor PlaceOf(Tensor tensor) => _places[tensor];

    /// <summary>Writes all storages.</summary>
    /// <param name="zip">Takes them.</param>
    /// <param name="folder">The folder of storages, with its slash.</param>
    internal void Write(ZipWriter zip, string folder)
    {
        for (int i = 0; i < _flat.Count; i++)
        {
            var flat = _flat[i];
            uint checksum = 0;
            ForEachPiece(flat, bytes => checksum = Crc32.Append(checksum, bytes));
            zip.Write(
                $"{folder}{i}",
                flat.NumberOfElements * flat.ElementSize,
                checksum,
                target => ForEachPiece(flat, target.Write)
            );
        }
    }

    private static Tensor OnCpu(Tensor tensor)
    {
        if (tensor.is_sparse || ElementTypes.StorageOf(tensor.dtype) is null)
        {
            throw new DerivativeException(
                DerivativeErrorKind.InvalidArgument,
                $"a {(tensor.is_sparse ? "sparse tensor" : $"tensor of {tensor.dtype}")} cannot be saved in a "
                    + "TorchScript file: make it dense and of a type of numbers"
            );
        }

        return tensor.device_type == TorchSharp.DeviceType.CPU ? tensor : tensor.cpu();
    }

    // Two tensors share memory where their storages begin at the same address; empty ones share nothing.
    private static nint Base(Tensor tensor, int index)
    {
        if (tensor.NumberOfElements == 0)
        {
            return -1 - index;
        }

        using var first = tensor.detach().as_strided([1], [1], tensor.storage_offset());
        return Address(first.bytes) - (nint)(tensor.storage_offset() * tensor.ElementSize);
    }

    private static unsafe nint Address(Span<byte> bytes)
    {
        fixed (byte* address = &MemoryMarshal.GetReference(bytes))
        {
            return (nint)address;
        }
    }

    // One behind the last element.
    private static long Extent(Tensor tensor)
    {
        long[] shape = tensor.shape,
            strides = tensor.stride();
        return shape.Contains(0)
            ? tensor.storage_offset()
            : tensor.storage_offset() + 1 + shape.Zip(strides, (size, stride) => (size - 1) * stride).Sum();
    }

    private static void ForEachPiece(Tensor flat, ReadOnlySpanAction action)
    {
        long piece = PieceBytes / flat.ElementSize,
            count = flat.NumberOfElements;
        for (long at = 0; at < count; at += piece)
        {
            using var part = flat.narrow(0, at, Math.Min(piece, count - at));
            action(part.bytes);
        }
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<byte> bytes);
}
