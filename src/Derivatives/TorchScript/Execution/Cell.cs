using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>How the value of an attribute is made, in each pass again, from what the archive holds.</summary>
internal abstract record Cell
{
    /// <summary>The value in this pass.</summary>
    internal abstract object? Make(RunState run);
}

/// <summary>A number, a string, a module: the same in each pass.</summary>
internal sealed record ValueCell(object? Value) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run) => Value;
}

/// <summary>A parameter, by its number, and the element type that the archive has of it.</summary>
internal sealed record ParameterCell(int Number, ScalarType Type) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run) => run.Stored(run.Parameters[Number], Type);
}

/// <summary>A floating-point buffer, by its number.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Type">The element type that the archive has of it.</param>
/// <param name="IsFrozen">Whether its module stays in evaluation mode.</param>
/// <param name="KeepsCall">Whether a batch norm of it that normalises with the batch does so in every mode.</param>
internal sealed record BufferCell(int Number, ScalarType Type, bool IsFrozen, bool KeepsCall) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run) => run.Stored(run.Buffers[Number], Type, IsFrozen, KeepsCall);
}

/// <summary>A buffer of whole numbers or truth values, by its place behind the floating-point ones.</summary>
/// <param name="Place">Its place.</param>
/// <param name="Tensor">What the archive holds, for callers that give none.</param>
internal sealed record DiscreteCell(int Place, Tensor Tensor) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run) =>
        Place < run.Buffers.Count ? run.Foreign(run.Buffers[Place]) : run.Constant(Tensor);
}

/// <summary>Any other tensor.</summary>
internal sealed record TensorCell(Tensor Tensor) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run) => run.Constant(Tensor);
}

/// <summary>A device: always the one that the pass runs on.</summary>
internal sealed record DeviceCell : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run) => run.Device;
}

/// <summary>A list, which the program may change in a pass.</summary>
internal sealed record ListCell(IReadOnlyList<Cell> Items) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run)
    {
        run.Grow(8L * Items.Count);
        return Items.Select(item => item.Make(run)).ToList();
    }
}

/// <summary>A tuple.</summary>
internal sealed record TupleCell(IReadOnlyList<Cell> Items) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run) => Items.Select(item => item.Make(run)).ToArray();
}

/// <summary>A dictionary.</summary>
internal sealed record DictionaryCell(IReadOnlyList<KeyValuePair<object, Cell>> Items) : Cell
{
    /// <inheritdoc/>
    internal override object? Make(RunState run)
    {
        run.Grow(16L * Items.Count);
        var made = new OrderedDictionary<object, object?>();
        foreach (var (key, item) in Items)
        {
            made[key] = item.Make(run);
        }

        return made;
    }
}
