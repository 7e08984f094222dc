using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>while condition: …</c>.</summary>
internal sealed class WhileInstruction(SourcePlace place, Node condition, Instruction[] body) : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame)
    {
        while (condition.IsTrue(frame))
        {
            frame.Run.Step(Place);
            var flow = Run(body, frame);
            if (flow is Flow.Break or Flow.Return)
            {
                return flow == Flow.Return ? flow : Flow.Next;
            }
        }

        return Flow.Next;
    }
}
