using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>and</c>, <c>or</c>: the second operand only where it matters.</summary>
internal sealed class LogicalNode(SourcePlace place, Node left, Node right, bool isAnd) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame) =>
        isAnd ? left.IsTrue(frame) && right.IsTrue(frame) : left.IsTrue(frame) || right.IsTrue(frame);
}
