using CurvatureMonitor.Contracts.Models;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>Floating-point tensors in the order of a flat vector.</summary>
internal sealed class TensorLayout : NamedTensors<TensorSlot>
{
    private long _total;

    /// <inheritdoc/>
    protected override TensorSlot Next(string name, Tensor tensor)
    {
        var slot = new TensorSlot(name, tensor.shape, _total);
        _total += slot.Count;
        return slot;
    }

    /// <inheritdoc/>
    protected override TensorSlot WithAlias(TensorSlot slot, string alias) =>
        slot with
        {
            Aliases = [.. slot.Aliases, alias],
        };
}
