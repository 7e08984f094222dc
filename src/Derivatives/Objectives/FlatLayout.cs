using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>Where each tensor of a model lies in the flat vector.</summary>
internal sealed class FlatLayout(IReadOnlyList<TensorSlot> slots)
{
    private readonly long[][] _shapes = [.. slots.Select(slot => slot.Shape.ToArray())];

    /// <summary>The tensors, in order.</summary>
    internal IReadOnlyList<TensorSlot> Slots => slots;

    /// <summary>How many numbers they have together.</summary>
    internal long Total { get; } = slots.Count == 0 ? 0 : slots[^1].Offset + slots[^1].Count;

    /// <summary>
    /// Views of a flat vector, one a tensor, each detached: differentiating through a view of one flat leaf would cost
    /// P for every tensor.
    /// </summary>
    internal Tensor[] Split(Tensor flat)
    {
        var parts = new Tensor[_shapes.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            using var part = flat.narrow(0, slots[i].Offset, slots[i].Count);
            using var shaped = part.view(_shapes[i]);
            parts[i] = shaped.detach();
        }

        return parts;
    }

    /// <summary>flat[offsetᵢ …] = or += tensors[i]; an absent tensor counts as zeros.</summary>
    internal void Gather(IReadOnlyList<Tensor?> tensors, Tensor flat, bool accumulate)
    {
        using var mode = no_grad();
        for (int i = 0; i < _shapes.Length; i++)
        {
            if (tensors[i] is null && accumulate)
            {
                continue;
            }

            using var part = flat.narrow(0, slots[i].Offset, slots[i].Count);
            using var shaped = part.view(_shapes[i]);
            if (tensors[i] is not { } tensor)
            {
                shaped.zero_();
            }
            else if (accumulate)
            {
                shaped.Increase(tensor);
            }
            else
            {
                shaped.copy_(tensor);
            }
        }
    }
}
