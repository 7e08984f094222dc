using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>A value that is known when the program is loaded.</summary>
internal sealed class LiteralNode(SourcePlace place, object? value) : Node(place)
{
    /// <summary>The value.</summary>
    internal object? Value { get; } = value;

    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame) => Value;
}
