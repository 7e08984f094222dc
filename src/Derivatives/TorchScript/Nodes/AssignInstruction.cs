using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Stores the value of an expression in one place or several.</summary>
internal sealed class AssignInstruction(SourcePlace place, Target[] targets, Node value) : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame)
    {
        object? found = value.Evaluate(frame);
        targets[0].Store(frame, found);
        for (int i = 1; i < targets.Length; i++)
        {
            targets[i].Store(frame, Values.Retain(found));
        }

        return Flow.Next;
    }
}
