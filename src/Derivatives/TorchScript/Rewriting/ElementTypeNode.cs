using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Rewriting;

/// <summary>
/// The element type that an operation is given: the pass's own in place of any of floating point, so that a program
/// that was saved in float32 runs in float64.
/// </summary>
internal sealed class ElementTypeNode(Node inner) : Node(inner.Place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object? value = inner.Evaluate(frame);
        return value is long code && IsReal(code) ? (long)frame.Run.Type : value;
    }

    /// <summary>Whether a code is that of a floating-point type.</summary>
    internal static bool IsReal(long code) =>
        code
            is (long)ScalarType.Float16
                or (long)ScalarType.Float32
                or (long)ScalarType.Float64
                or (long)ScalarType.BFloat16;
}
