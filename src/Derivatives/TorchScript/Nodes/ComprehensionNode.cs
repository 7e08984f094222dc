using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>[element for target in source if condition]</c>.</summary>
internal sealed class ComprehensionNode(SourcePlace place, Node element, Target target, Node source, Node? condition)
    : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        List<object?> list = [];
        foreach (object? item in Iteration.Of(source.Evaluate(frame), Place))
        {
            frame.Run.Step(Place);
            target.Store(frame, item);
            if (condition?.IsTrue(frame) != false)
            {
                frame.Run.Grow(8);
                list.Add(element.Evaluate(frame));
            }
        }

        return list;
    }
}
