using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Reads a variable; for the last time where nothing reads it later, so that its place is free.</summary>
internal sealed class LocalNode(SourcePlace place, string name, int slot, bool isLast) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object? value = frame.Locals[slot];
        if (value is HeldTensor held)
        {
            if (isLast)
            {
                frame.Locals[slot] = Unset.Value;
            }
            else
            {
                held.Uses++;
            }
        }
        else if (ReferenceEquals(value, Unset.Value))
        {
            throw Place.Error($"'{name}' has no value here");
        }

        return value;
    }
}
