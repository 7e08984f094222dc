using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>start:stop:step</c>.</summary>
internal sealed class SliceNode(SourcePlace place, Node? start, Node? stop, Node? step) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame) =>
        new SliceValue(Part(start, frame), Part(stop, frame), Part(step, frame) ?? 1);

    private long? Part(Node? node, Frame frame)
    {
        object? value = node?.Evaluate(frame);
        return value is null ? null
            : Numbers.Integer(value is HeldTensor held ? Numbers.Item(held.Tensor) : value) is { } found ? found
            : throw Place.Error($"{Values.Kind(value)} cannot bound a slice");
    }
}
