using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>An attribute of an object: changed for this pass alone.</summary>
internal sealed class AttributeTarget(SourcePlace place, Node target, string name) : Target(place)
{
    /// <inheritdoc/>
    internal override void Store(Frame frame, object? value)
    {
        if (
            target.Evaluate(frame) is not Instance instance
            || instance.Layout.IndexOf(name) is not (>= 0 and var index)
        )
        {
            throw Place.Error($"there is no attribute '{name}' to set");
        }

        instance.Write(frame.Run, index, value);
    }
}
