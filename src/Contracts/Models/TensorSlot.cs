namespace CurvatureMonitor.Contracts.Models;

/// <summary>
/// A tensor of a model and its place in the flat vector; tied tensors share one slot, under the first name.
/// </summary>
/// <param name="Name">The model's own name for it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where it begins in the flat vector.</param>
public sealed record TensorSlot(string Name, IReadOnlyList<long> Shape, long Offset)
{
    /// <summary>Its other names, where the model has it at several places; a checkpoint may use any of them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Its name, then its other names.</summary>
    public IEnumerable<string> Names() => Aliases.Prepend(Name);

    /// <summary>The product of the shape: it takes [Offset, Offset + Count).</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
