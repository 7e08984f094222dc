namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>
/// An object: one of the archive, whose attributes are the program's cells from a number on, or one that the program
/// has made in this pass.
/// </summary>
internal sealed class Instance(ClassLayout layout)
{
    /// <summary>Its class.</summary>
    internal ClassLayout Layout { get; } = layout;

    /// <summary>The cells of its attributes; null for an object of this pass.</summary>
    internal Cell[]? Cells { get; init; }

    /// <summary>The number of its first cell.</summary>
    internal int FirstCell { get; init; }

    private object?[]? Own { get; init; }

    /// <summary>A new object of this pass, without values.</summary>
    internal static Instance Create(ClassLayout layout)
    {
        var own = new object?[layout.Attributes.Count];
        Array.Fill(own, Unset.Value);
        return new Instance(layout) { Own = own };
    }

    /// <summary>The attribute at an index of the layout.</summary>
    internal object? Read(RunState run, int index) =>
        Own is { } own ? own[index]
        : index < Cells!.Length ? run.Read(FirstCell + index, Cells[index])
        : Unset.Value;

    /// <summary>Sets an attribute for the rest of the pass.</summary>
    internal void Write(RunState run, int index, object? value)
    {
        if (Own is { } own)
        {
            own[index] = value;
        }
        else
        {
            run.Write(FirstCell + index, value);
        }
    }
}
