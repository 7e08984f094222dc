using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Makes a tuple.</summary>
internal sealed class TupleNode(SourcePlace place, Node[] items) : Node(place)
{
    /// <summary>Its parts.</summary>
    internal IReadOnlyList<Node> Items => items;

    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object?[] tuple = new object?[items.Length];
        for (int i = 0; i < tuple.Length; i++)
        {
            tuple[i] = items[i].Evaluate(frame);
        }

        return tuple;
    }
}
