using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>CONSTANTS.c0</c> and the like.</summary>
internal sealed class ConstantNode(SourcePlace place, Cell cell) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame) => cell.Make(frame.Run);
}
