namespace CurvatureMonitor.Contracts.Models;

/// <summary>
/// A buffer of a model that holds whole numbers or truth values (a mask, a counter, a table of indices), and its place
/// among the bytes of all of them; tied ones share one slot, under the first name.
/// </summary>
/// <param name="Name">The model's own name for it.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offset">Where its bytes begin.</param>
public sealed record DiscreteSlot(string Name, DiscreteType Type, IReadOnlyList<long> Shape, long Offset)
{
    /// <summary>Its other names, where the model has it at several places; a checkpoint may use any of them.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The bytes that it takes: [Offset, Offset + ByteLength).</summary>
    public long ByteLength => Shape.Aggregate(ElementSize, (product, size) => checked(product * size));

    private long ElementSize =>
        Type switch
        {
            DiscreteType.Int64 => 8,
            DiscreteType.Int32 => 4,
            DiscreteType.Int16 => 2,
            _ => 1,
        };

    /// <summary>Its name, then its other names.</summary>
    public IEnumerable<string> Names() => Aliases.Prepend(Name);
}
