using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Passes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>
/// The tensors of a TorchSharp module by name: those that are trained, and all others that it computes with.
/// </summary>
/// <param name="Parameters">The parameters that record gradients, tied ones once.</param>
/// <param name="Buffers">The floating-point buffers, and the parameters that are frozen.</param>
/// <param name="Discretes">The buffers of whole numbers or truth values.</param>
internal sealed record ModuleTensors(
    IReadOnlyList<(string Name, Parameter Tensor)> Parameters,
    IReadOnlyList<(string Name, Tensor Tensor)> Buffers,
    IReadOnlyList<(string Name, Tensor Tensor)> Discretes
)
{
    /// <summary>Reads them.</summary>
    internal static ModuleTensors Of(nn.Module module)
    {
        var seen = new HashSet<nint>();
        var parameters = module.named_parameters().Where(named => seen.Add(named.parameter.Handle)).ToList();
        var frozen = parameters
            .Where(named => !named.parameter.requires_grad)
            .Select(named => (named.name, (Tensor)named.parameter));
        return new ModuleTensors(
            [.. parameters.Where(named => named.parameter.requires_grad)],
            [.. frozen, .. module.named_buffers().Where(named => named.buffer.is_floating_point())],
            [.. module.named_buffers().Where(named => DiscreteTensors.TypeOf(named.buffer) is not null)]
        );
    }

    /// <summary>Their places in a flat vector.</summary>
    internal static List<TensorSlot> Slots(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        var slots = new List<TensorSlot>();
        long offset = 0;
        foreach (var (name, tensor) in tensors)
        {
            var slot = new TensorSlot(name, tensor.shape, offset);
            slots.Add(slot);
            offset += slot.Count;
        }

        return slots;
    }
}
