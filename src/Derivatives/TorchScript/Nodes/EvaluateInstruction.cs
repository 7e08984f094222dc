using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>An expression for its effect.</summary>
internal sealed class EvaluateInstruction(Node value) : Instruction(value.Place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame)
    {
        Values.Release(value.Evaluate(frame));
        return Flow.Next;
    }
}
