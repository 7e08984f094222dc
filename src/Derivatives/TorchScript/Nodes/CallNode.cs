using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>A call of a function whose name says which it is.</summary>
internal sealed class CallNode(SourcePlace place, Function function, Node[] arguments, int[] positions) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object?[] values = new object?[function.ParameterCount];
        Array.Fill(values, Unset.Value);
        for (int i = 0; i < arguments.Length; i++)
        {
            values[positions[i]] = arguments[i].Evaluate(frame);
        }

        return function.Call(frame.Run, values, Place);
    }
}
