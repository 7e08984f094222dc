using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>A variable.</summary>
internal sealed class LocalTarget(SourcePlace place, int slot) : Target(place)
{
    /// <inheritdoc/>
    internal override void Store(Frame frame, object? value)
    {
        object? before = frame.Locals[slot];
        frame.Locals[slot] = value;
        Values.Release(before);
    }
}
