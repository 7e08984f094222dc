using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>isinstance(value, type)</c>.</summary>
internal sealed class TypeTestNode(SourcePlace place, Node value, Func<object?, bool> test) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object? found = value.Evaluate(frame);
        bool holds = test(found);
        Values.Release(found);
        return holds;
    }
}
