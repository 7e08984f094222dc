using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>for target in source: …</c>.</summary>
internal sealed class ForInstruction(SourcePlace place, Target target, Node source, Instruction[] body)
    : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame)
    {
        foreach (object? item in Iteration.Of(source.Evaluate(frame), Place))
        {
            frame.Run.Step(Place);
            target.Store(frame, item);
            var flow = Run(body, frame);
            if (flow is Flow.Break or Flow.Return)
            {
                return flow == Flow.Return ? flow : Flow.Next;
            }
        }

        return Flow.Next;
    }
}
