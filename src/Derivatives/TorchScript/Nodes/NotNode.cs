using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>not a</c>.</summary>
internal sealed class NotNode(SourcePlace place, Node operand) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame) => !operand.IsTrue(frame);
}
