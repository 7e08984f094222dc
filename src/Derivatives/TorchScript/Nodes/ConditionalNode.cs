using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>a if condition else b</c>.</summary>
internal sealed class ConditionalNode(SourcePlace place, Node condition, Node then, Node otherwise) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame) =>
        condition.IsTrue(frame) ? then.Evaluate(frame) : otherwise.Evaluate(frame);
}
