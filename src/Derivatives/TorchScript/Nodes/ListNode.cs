using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Makes a list.</summary>
internal sealed class ListNode(SourcePlace place, Node[] items) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        frame.Run.Grow(8L * items.Length);
        var list = new List<object?>(items.Length);
        foreach (var item in items)
        {
            list.Add(item.Evaluate(frame));
        }

        return list;
    }
}
