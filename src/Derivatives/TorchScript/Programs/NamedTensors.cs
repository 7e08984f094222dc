using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>A model's tensors in its own order; tied ones have one slot, under the first of their names.</summary>
/// <typeparam name="TSlot">What is known of each.</typeparam>
internal abstract class NamedTensors<TSlot>
{
    private readonly List<TSlot> _slots = [];
    private readonly List<Tensor> _tensors = [];
    private readonly Dictionary<TensorIdentity, int> _numbers = [];

    /// <summary>Names, shape and place of each.</summary>
    internal IReadOnlyList<TSlot> Slots => _slots;

    /// <summary>The tensors that were added, tied ones once.</summary>
    internal IReadOnlyList<Tensor> Tensors => _tensors;

    /// <summary>Adds a tensor at the end, or another name of one that is there.</summary>
    /// <returns>Its number.</returns>
    internal int Add(string name, Tensor tensor)
    {
        var identity = TensorIdentity.Of(tensor);
        if (identity is { } known && NumberOf(known) is { } number)
        {
            _slots[number] = WithAlias(_slots[number], name);
            return number;
        }

        _slots.Add(Next(name, tensor));
        _tensors.Add(tensor);
        if (identity is { } fresh)
        {
            _numbers[fresh] = _slots.Count - 1;
        }

        return _slots.Count - 1;
    }

    /// <summary>The number of the tensor of an identity; null where it is not among these.</summary>
    internal int? NumberOf(TensorIdentity identity) =>
        _numbers.TryGetValue(identity, out int number) ? number : null;

    /// <summary>The slot behind all that are there.</summary>
    protected abstract TSlot Next(string name, Tensor tensor);

    /// <summary>A slot with one more name.</summary>
    protected abstract TSlot WithAlias(TSlot slot, string alias);
}
