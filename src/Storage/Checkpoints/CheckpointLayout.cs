using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Checkpoints;

/// <summary>
/// How the named tensors of a model lie in flat vectors: the parameters θ in the model's own order, and its
/// floating-point buffers in theirs. The checkpoints of a run share one layout.
/// </summary>
public sealed class CheckpointLayout
{
    /// <summary>Checks and keeps the slots.</summary>
    /// <param name="parameters">The parameters' slots, in order and without gaps.</param>
    /// <param name="buffers">The buffers' slots, in order and without gaps.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or slots leave gaps, overlap, or exceed what an array
    /// can hold.</exception>
    public CheckpointLayout(IReadOnlyList<TensorSlot> parameters, IReadOnlyList<TensorSlot> buffers)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(buffers);
        var names = new HashSet<string>(StringComparer.Ordinal);
        ParameterCount = Count(parameters, names, nameof(parameters));
        BufferCount = Count(buffers, names, nameof(buffers));
        Parameters = [.. parameters];
        Buffers = [.. buffers];
    }

    /// <summary>The parameters' places in the flat vector θ.</summary>
    public IReadOnlyList<TensorSlot> Parameters { get; }

    /// <summary>The buffers' places in the flat buffer vector.</summary>
    public IReadOnlyList<TensorSlot> Buffers { get; }

    /// <summary>P, the number of numbers in all parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>The number of numbers in all buffers.</summary>
    public int BufferCount { get; }

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

    private static int Count(IReadOnlyList<TensorSlot> slots, HashSet<string> names, string argument)
    {
        long next = 0;
        foreach (TensorSlot slot in slots)
        {
            if (!names.Add(slot.Name))
            {
                throw new ArgumentException($"the tensor name '{slot.Name}' occurs twice", argument);
            }

            if (slot.Offset != next)
            {
                throw new ArgumentException(
                    $"'{slot.Name}' begins at {slot.Offset} where {next} is the next free place",
                    argument
                );
            }

            next = checked(next + slot.Count);
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
