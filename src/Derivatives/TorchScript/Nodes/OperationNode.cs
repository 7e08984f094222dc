using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>An operation of libtorch, or a built-in function.</summary>
internal sealed class OperationNode(OperationSite site, Node[] arguments) : Node(site.Place)
{
    // A list that is written in the call itself holds its tensors no longer than the call.
    private readonly bool _joins = site.Name is "cat" or "concat" or "stack" && arguments is [ListNode, ..];

    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object?[] values = new object?[arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(frame);
        }

        object? result = site.Invoke(frame.Run, values);
        if (_joins && values[0] is List<object?> parts)
        {
            parts.ForEach(Values.Release);
            parts.Clear();
        }

        return result;
    }
}
