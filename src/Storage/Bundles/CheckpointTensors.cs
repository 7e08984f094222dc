using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// The mapping between a checkpoint's flat numbers and the named tensors of a safetensors file: every parameter and
/// floating-point buffer under its own name, Adam's second moments under <c>optimizer.exp_avg_sq.</c> and the
/// parameter's name. Other buffers are those of <see cref="DiscreteTensors"/>.
/// </summary>
internal static class CheckpointTensors
{
    /// <summary>What begins the names of tensors that belong to the optimiser and not to the model.</summary>
    public const string OptimizerPrefix = "optimizer.";

    /// <summary>What begins the names of Adam's second moments.</summary>
    public const string SecondMomentPrefix = OptimizerPrefix + "exp_avg_sq.";

    /// <summary>The tensors of a checkpoint.</summary>
    public static IReadOnlyList<TensorContent> Contents(Checkpoint checkpoint)
    {
        List<TensorContent> contents = [];
        foreach (Placement place in Places(checkpoint.Layout, checkpoint.HasSecondMoments))
        {
            contents.Add(
                checkpoint.ElementType == ElementType.Float32
                    ? TensorContent.From(
                        place.Name,
                        place.Shape,
                        checkpoint.Memory.Singles.Slice(place.Offset, place.Count)
                    )
                    : TensorContent.From(
                        place.Name,
                        place.Shape,
                        checkpoint.Memory.Doubles.Slice(place.Offset, place.Count)
                    )
            );
        }

        return [.. contents, .. DiscreteTensors.Contents(checkpoint)];
    }

    /// <summary>Reads the tensors of a layout.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">The model's layout.</param>
    /// <param name="info">What is known beside the tensors.</param>
    /// <param name="type">The type to read as; null for float64 where the file has any, else float32.</param>
    /// <exception cref="BundleException">A tensor is missing, unexpected, mis-shaped or not of a floating-point
    /// type.</exception>
    public static Checkpoint Read(TensorFiles file, CheckpointLayout layout, CheckpointInfo info, ElementType? type)
    {
        Matched matched = Match(file, layout, info.Optimizer);
        bool anyDouble = matched.Pairs.Any(pair => pair.Tensor.Type == TensorType.Float64);
        ElementType chosen = type ?? (anyDouble ? ElementType.Float64 : ElementType.Float32);
        CheckpointMemory memory = CheckpointMemory.Rent(chosen, Checkpoint.Length(layout, matched.HasSecondMoments));
        try
        {
            foreach ((TensorEntry tensor, Placement place) in matched.Pairs)
            {
                if (chosen == ElementType.Float32)
                {
                    file.Read(tensor, memory.Singles.Span.Slice(place.Offset, place.Count));
                }
                else
                {
                    file.Read(tensor, memory.Doubles.Span.Slice(place.Offset, place.Count));
                }
            }

            foreach (Placement place in matched.NotStepped)
            {
                Fill(memory, chosen, place);
            }

            memory.Discretes = DiscreteTensors.Read(file, layout, matched.Discretes);
            return new Checkpoint(info, layout, memory, matched.HasSecondMoments);
        }
        catch
        {
            memory.Release();
            throw;
        }
    }

    /// <summary>Sees by its header that a file has the tensors of a layout.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">The layout.</param>
    /// <param name="info">What is known beside the tensors: which parameters are stepped and need moments; null where
    /// that is not known.</param>
    /// <exception cref="BundleException">A tensor is missing, unexpected, mis-shaped or not of a floating-point
    /// type.</exception>
    public static void Check(TensorFiles file, CheckpointLayout layout, CheckpointInfo? info) =>
        Match(file, layout, info?.Optimizer);

    // A parameter without moments is not stepped: as if what its step is divided by were infinite.
    private static void Fill(CheckpointMemory memory, ElementType type, Placement place)
    {
        if (type == ElementType.Float32)
        {
            memory.Singles.Span.Slice(place.Offset, place.Count).Fill(float.PositiveInfinity);
        }
        else
        {
            memory.Doubles.Span.Slice(place.Offset, place.Count).Fill(double.PositiveInfinity);
        }
    }

    private static Matched Match(TensorFiles file, CheckpointLayout layout, OptimizerState? optimizer)
    {
        var names = new TensorNames(file);
        var discretes = DiscreteTensors.Match(file, layout, names);
        CheckNames(file, layout, names, discretes.Select(found => found.Tensor.Name));
        List<Placement> notStepped = [];
        HashSet<string>? stepped =
            optimizer?.Groups.All(group => group.Parameters is not null) == true
                ? [.. optimizer.Groups.SelectMany(group => group.Parameters!)]
                : null;
        bool hasSecondMoments = file.Tensors.Any(tensor =>
            tensor.Name.StartsWith(SecondMomentPrefix, StringComparison.Ordinal)
        );
        List<(TensorEntry Tensor, Placement Place)> pairs = [];
        foreach (Placement place in Places(layout, hasSecondMoments))
        {
            TensorEntry? found = names.Find(place.Slot, place.Prefix);
            if (
                found is null
                && place.Prefix == SecondMomentPrefix
                && stepped is not null
                && !place.Slot.Names().Any(stepped.Contains)
            )
            {
                notStepped.Add(place);
                continue;
            }

            TensorEntry tensor = found ?? file[place.Name];
            Check(file, tensor, place);
            pairs.Add((tensor, place));
        }

        return new Matched(pairs, hasSecondMoments, notStepped, discretes);
    }

    private static void CheckNames(
        TensorFiles file,
        CheckpointLayout layout,
        TensorNames names,
        IEnumerable<string> discretes
    )
    {
        var slots = layout.Parameters.Concat(layout.Buffers).Select(slot => (slot.Name, Tensor: names.Find(slot)));
        var found = slots.ToLookup(slot => slot.Tensor is not null);
        var known = found[true]
            .Select(slot => slot.Tensor!.Name)
            .Concat(discretes)
            .ToHashSet(StringComparer.Ordinal);
        List<string> unexpected =
        [
            .. file
                .Tensors.Where(tensor =>
                    !DiscreteTensors.IsPassedOver(tensor, layout)
                    && !known.Contains(tensor.Name)
                    && !tensor.Name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)
                )
                .Select(tensor => tensor.Name),
        ];
        List<string> missing = [.. found[false].Select(slot => slot.Name)];
        if (missing.Count > 0)
        {
            string also =
                missing.Count == 1 ? string.Empty : $" (and so are {SafetensorsFile.Listing(missing.Skip(1))})";
            string hint =
                unexpected.Count == 0
                    ? string.Empty
                    : $"; it has {SafetensorsFile.Listing(unexpected)}, which the model has not";
            throw new BundleException(
                file.Path,
                missing[0],
                $"is missing{also}{hint}",
                "write every parameter and buffer under the model's own name"
            );
        }

        unexpected.RemoveAll(name => IsSecondName(file, known, file[name]));
        if (unexpected.Count > 0)
        {
            string also = unexpected.Count == 1 ? string.Empty : $", nor {SafetensorsFile.Listing(unexpected.Skip(1))}";
            throw new BundleException(
                file.Path,
                unexpected[0],
                $"is not a tensor of the model, nor equal to one of its shape{also}",
                "write the checkpoint of the model that the bundle names"
            );
        }
    }

    // PyTorch's state dictionary has a tied tensor under every name; one of them is taken.
    private static bool IsSecondName(TensorFiles file, HashSet<string> known, TensorEntry tensor) =>
        known
            .Select(name => file[name])
            .Any(first =>
                first.Shape.SequenceEqual(tensor.Shape)
                && first.Type == tensor.Type
                && file.AreEqual(first, tensor)
            );

    private static void Check(TensorFiles file, TensorEntry tensor, Placement place)
    {
        if (!tensor.Type.IsFloatingPoint())
        {
            throw new BundleException(
                file.Path,
                tensor.Name,
                $"has the type {tensor.Type.Label()}",
                "write it as F64, F32, F16 or BF16"
            );
        }

        file.RequireShape(tensor, place.Shape);
    }

    private static IEnumerable<Placement> Places(CheckpointLayout layout, bool hasSecondMoments)
    {
        IEnumerable<Placement> Of(IReadOnlyList<TensorSlot> slots, int start, string prefix) =>
            slots.Select(slot => new Placement(slot, prefix, start + (int)slot.Offset));

        return Of(layout.Parameters, 0, string.Empty)
            .Concat(Of(layout.Buffers, layout.ParameterCount, string.Empty))
            .Concat(
                hasSecondMoments
                    ? Of(layout.Parameters, layout.ParameterCount + layout.BufferCount, SecondMomentPrefix)
                    : []
            );
    }

    /// <summary>Which tensors of a file are which of a layout.</summary>
    /// <param name="Pairs">The floating-point ones, and their places.</param>
    /// <param name="HasSecondMoments">Whether any second moment is among them.</param>
    /// <param name="NotStepped">The places of moments that the optimiser has not.</param>
    /// <param name="Discretes">The others, and their numbers.</param>
    private sealed record Matched(
        List<(TensorEntry Tensor, Placement Place)> Pairs,
        bool HasSecondMoments,
        List<Placement> NotStepped,
        IReadOnlyList<(TensorEntry Tensor, int Number)> Discretes
    );

    private readonly record struct Placement(TensorSlot Slot, string Prefix, int Offset)
    {
        public string Name => Prefix + Slot.Name;

        public IReadOnlyList<long> Shape => Slot.Shape;

        public int Count => (int)Slot.Count;
    }
}
