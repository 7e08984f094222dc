using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>Buffers of whole numbers or truth values in the order of their bytes.</summary>
internal sealed class DiscreteLayout : NamedTensors<DiscreteSlot>
{
    /// <inheritdoc/>
    protected override DiscreteSlot Next(string name, Tensor tensor) => DiscreteTensors.Slot(name, tensor, Slots);

    /// <inheritdoc/>
    protected override DiscreteSlot WithAlias(DiscreteSlot slot, string alias) =>
        slot with
        {
            Aliases = [.. slot.Aliases, alias],
        };
}
