using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>a += b</c>: tensors and lists change in place, other values are computed again.</summary>
internal sealed class AugmentInstruction(
    SourcePlace place,
    Target target,
    Node left,
    Node right,
    OperationSite inPlace,
    OperationSite plain
) : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame)
    {
        object? first = left.Evaluate(frame);
        object? second = right.Evaluate(frame);
        var site = first is HeldTensor ? inPlace : plain;
        if (first is List<object?> list && second is List<object?> more)
        {
            frame.Run.Grow(8L * more.Count);
            list.AddRange(more.ToArray());
            return Flow.Next;
        }

        target.Store(frame, site.Invoke(frame.Run, [first, second]));
        return Flow.Next;
    }
}
