using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Checkpoints;

/// <summary>
/// How the named tensors of a model lie in flat vectors: the parameters θ in the model's own order, and its
/// floating-point buffers in theirs; buffers of whole numbers or truth values lie in a vector of bytes. The checkpoints
/// of a run share one layout.
/// </summary>
public sealed class CheckpointLayout
{
    /// <summary>Checks and keeps the slots.</summary>
    /// <param name="parameters">The parameters' slots, in order and without gaps.</param>
    /// <param name="buffers">The floating-point buffers' slots, in order and without gaps.</param>
    /// <param name="discretes">The slots of buffers of whole numbers or truth values, in order and without gaps; null
    /// for none.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or slots leave gaps, overlap, or exceed what an array
    /// can hold.</exception>
    public CheckpointLayout(
        IReadOnlyList<TensorSlot> parameters,
        IReadOnlyList<TensorSlot> buffers,
        IReadOnlyList<DiscreteSlot>? discretes = null
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(buffers);
        var names = new HashSet<string>(StringComparer.Ordinal);
        ParameterCount = Count(Places(parameters), names, nameof(parameters));
        BufferCount = Count(Places(buffers), names, nameof(buffers));
        Parameters = [.. parameters];
        Buffers = [.. buffers];
        Discretes = [.. discretes ?? []];
        DiscreteByteCount = Count(
            Discretes.Select(slot => (slot.Name, slot.Offset, slot.ByteLength)),
            names,
            nameof(discretes)
        );
    }

    /// <summary>The parameters' places in the flat vector θ.</summary>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <summary>The buffers' places in the flat buffer vector.</summary>
    public IReadOnlyList<TensorSlot> Buffers { get; }

    /// <summary>The places of buffers of whole numbers or truth values; a checkpoint has each or has it not.</summary>
    public IReadOnlyList<DiscreteSlot> Discretes { get; }

    /// <summary>P, the number of numbers in all parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The number of numbers in all buffers.</summary>
    public int BufferCount { get; }

    /// <summary>The bytes of all buffers of whole numbers or truth values.</summary>
    public int DiscreteByteCount { get; }

    /// <summary>Demands that parts have the lengths of this layout.</summary>
    /// <param name="parameters">The numbers of the parameters.</param>
    /// <param name="buffers">The numbers of the buffers.</param>
    /// <param name="secondMoments">The numbers of the second moments; null where there are none.</param>
    /// <exception cref="ArgumentException">A part has another length.</exception>
    public void RequireLengths(long parameters, long buffers, long? secondMoments)
    {
        Check(parameters, ParameterCount, nameof(parameters));
        Check(buffers, BufferCount, nameof(buffers));
        Check(secondMoments ?? ParameterCount, ParameterCount, nameof(secondMoments));

        static void Check(long actual, long expected, string what)
        {
            if (actual != expected)
            {
                throw new ArgumentException($"{actual} numbers where the model's layout has {expected}", what);
            }
        }
    }

    /// <summary>Where a part lies among all numbers of a checkpoint.</summary>
    internal Range Place(CheckpointPart part) =>
        part switch
        {
            CheckpointPart.Parameters => ..ParameterCount,
            CheckpointPart.Buffers => ParameterCount..(ParameterCount + BufferCount),
            CheckpointPart.SecondMoments => (ParameterCount + BufferCount)..((2 * ParameterCount) + BufferCount),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "there is no such part"),
        };

    private static IEnumerable<(string Name, long Offset, long Count)> Places(IEnumerable<TensorSlot> slots) =>
        slots.Select(slot => (slot.Name, slot.Offset, slot.Count));

    private static int Count(
        IEnumerable<(string Name, long Offset, long Count)> places,
        HashSet<string> names,
        string argument
    )
    {
        long next = 0;
        foreach (var (name, offset, count) in places)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"the tensor name '{name}' occurs twice", argument);
            }

            if (offset != next)
            {
                throw new ArgumentException(
                    $"'{name}' begins at {offset} where {next} is the next free place",
                    argument
                );
            }

            next = checked(next + count);
            if (next > Array.MaxLength)
            {
                throw new ArgumentException(
                    $"{next} numbers exceed the {Array.MaxLength} that a checkpoint can hold",
                    argument
                );
            }
        }

        return (int)next;
    }
}
