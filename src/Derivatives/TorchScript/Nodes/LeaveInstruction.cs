using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed class LeaveInstruction(SourcePlace place, Flow flow) : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame) => flow;
}
