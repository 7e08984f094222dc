using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// A checkpoint's buffers of whole numbers or truth values in a safetensors file: each under the model's own name, in
/// the model's own type. They may be absent.
/// </summary>
internal static class DiscreteTensors
{
    // Batch norm's own count of batches. Models of other makers have none under that name, and forward reads it rarely.
    private const string BatchCount = "num_batches_tracked";

    /// <summary>The tensors of a checkpoint that has any.</summary>
    public static IEnumerable<TensorContent> Contents(Checkpoint checkpoint)
    {
        if (checkpoint.Memory.Discretes is not { } values)
        {
            yield break;
        }

        IReadOnlyList<DiscreteSlot> slots = checkpoint.Layout.Discretes;
        for (int i = 0; i < slots.Count; i++)
        {
            if (values.Has(i))
            {
                yield return TensorContent.FromBytes(slots[i].Name, TypeOf(slots[i]), slots[i].Shape, values.Of(i));
            }
        }
    }

    /// <summary>The file's tensors that are such buffers of a layout.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="names">The file's names.</param>
    /// <exception cref="BundleException">One has another type or shape.</exception>
    public static IReadOnlyList<(TensorEntry Tensor, int Number)> Match(
        TensorFiles file,
        CheckpointLayout layout,
        TensorNames names
    )
    {
        List<(TensorEntry Tensor, int Number)> found = [];
        for (int i = 0; i < layout.Discretes.Count; i++)
        {
            DiscreteSlot slot = layout.Discretes[i];
            if (names.Find(slot.Names()) is { } tensor)
            {
                Check(file, tensor, slot);
                found.Add((tensor, i));
            }
        }

        return found;
    }

    /// <summary>
    /// Whether a tensor that the model has not is passed over nevertheless: batch norm's count, and all that are not of
    /// floating point where the model has no such buffer that one of them could be meant for.
    /// </summary>
    public static bool IsPassedOver(TensorEntry tensor, CheckpointLayout layout) =>
        !tensor.Type.IsFloatingPoint()
        && (IsBatchCount(tensor.Name) || layout.Discretes.All(slot => IsBatchCount(slot.Name)));

    /// <summary>Reads what was matched; null where nothing was.</summary>
    /// <exception cref="BundleException">A truth value is none, or the file cannot be read.</exception>
    public static DiscreteValues? Read(
        TensorFiles file,
        CheckpointLayout layout,
        IReadOnlyList<(TensorEntry Tensor, int Number)> matched
    )
    {
        if (matched.Count == 0)
        {
            return null;
        }

        var values = new DiscreteValues(layout);
        foreach ((TensorEntry tensor, int number) in matched)
        {
            Span<byte> room = values.Fill(number);
            file.ReadRaw(tensor, room);

            // What libtorch does with another byte is not defined.
            if (tensor.Type == TensorType.Bool && room.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                throw new BundleException(
                    file.Path,
                    tensor.Name,
                    "has a byte that is neither 0 nor 1",
                    "write truth values as 0 and 1"
                );
            }
        }

        return values;
    }

    private static bool IsBatchCount(string name) =>
        name == BatchCount || name.EndsWith("." + BatchCount, StringComparison.Ordinal);

    private static void Check(TensorFiles file, TensorEntry tensor, DiscreteSlot slot)
    {
        TensorType type = TypeOf(slot);
        if (tensor.Type != type)
        {
            throw new BundleException(
                file.Path,
                tensor.Name,
                $"has the type {tensor.Type.Label()} where the model has {type.Label()}",
                $"write it as {type.Label()}, or leave it out where the model's own values stand"
            );
        }

        file.RequireShape(tensor, slot.Shape);
    }

    private static TensorType TypeOf(DiscreteSlot slot) =>
        slot.Type switch
        {
            DiscreteType.Bool => TensorType.Bool,
            DiscreteType.UInt8 => TensorType.UInt8,
            DiscreteType.Int8 => TensorType.Int8,
            DiscreteType.Int16 => TensorType.Int16,
            DiscreteType.Int32 => TensorType.Int32,
            DiscreteType.Int64 => TensorType.Int64,
            _ => throw new ArgumentOutOfRangeException(nameof(slot), slot.Type, "there is no such type"),
        };
}
