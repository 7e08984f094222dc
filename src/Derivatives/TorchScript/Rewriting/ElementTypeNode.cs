using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>
/// The element type that an operation is given: the pass's own in place of any of floating point, so that a program
/// that was saved in float32 runs in float64. Where the pass keeps casts to narrower types, those stay.
/// </summary>
internal sealed class ElementTypeNode(Node inner) : Node(inner.Place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object? value = inner.Evaluate(frame);
        return value is long code && RunState.IsReal(code) ? (long)frame.Run.Chosen(code) : value;
    }
}
