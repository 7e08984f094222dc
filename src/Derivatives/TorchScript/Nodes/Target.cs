using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Where a value can be stored.</summary>
internal abstract class Target(SourcePlace place)
{
    /// <summary>Where it stands in the source.</summary>
    internal SourcePlace Place { get; } = place;

    /// <summary>Takes a value over.</summary>
    internal abstract void Store(Frame frame, object? value);
}
