using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>if condition: … else: …</c>.</summary>
internal sealed class IfInstruction(SourcePlace place, Node condition, Instruction[] then, Instruction[] otherwise)
    : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame) => Run(condition.IsTrue(frame) ? then : otherwise, frame);
}
