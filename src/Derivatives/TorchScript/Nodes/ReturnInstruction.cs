using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>return value</c>.</summary>
internal sealed class ReturnInstruction(SourcePlace place, Node? value) : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame)
    {
        frame.Result = value?.Evaluate(frame);
        return Flow.Return;
    }
}
