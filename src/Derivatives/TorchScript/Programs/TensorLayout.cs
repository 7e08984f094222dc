using CurvatureMonitor.Contracts.Models;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>Tensors in the order of a flat vector.</summary>
internal sealed class TensorLayout
{
    private readonly List<TensorSlot> _slots = [];
    private readonly List<Tensor> _tensors = [];
    private long _total;

    /// <summary>Name, shape and offset of each.</summary>
    internal IReadOnlyList<TensorSlot> Slots => _slots;

    /// <summary>The values that the archive holds.</summary>
    internal IReadOnlyList<Tensor> Tensors => _tensors;

    /// <summary>Another name of a tensor.</summary>
    internal void AddAlias(int number, string name) =>
        _slots[number] = _slots[number] with { Aliases = [.. _slots[number].Aliases, name] };

    /// <summary>Adds a tensor at the end.</summary>
    /// <returns>Its number.</returns>
    internal int Add(string name, Tensor tensor)
    {
        _slots.Add(new TensorSlot(name, tensor.shape, _total));
        _tensors.Add(tensor);
        _total += tensor.NumberOfElements;
        return _slots.Count - 1;
    }
}
