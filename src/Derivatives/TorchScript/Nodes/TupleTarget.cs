using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Several places: the parts of a tuple, a list or a tensor go to one each.</summary>
internal sealed class TupleTarget(SourcePlace place, Target[] targets) : Target(place)
{
    /// <inheritdoc/>
    internal override void Store(Frame frame, object? value)
    {
        object?[] parts = value switch
        {
            object?[] tuple => tuple,
            List<object?> list => [.. list],
            Instance { Layout.IsTuple: true } named =>
            [
                .. Enumerable.Range(0, named.Layout.Attributes.Count).Select(i => named.Read(frame.Run, i)),
            ],
            _ => throw Place.Error($"{Values.Kind(value)} cannot be taken apart"),
        };
        if (parts.Length != targets.Length)
        {
            throw Place.Error($"{targets.Length} values are expected where {parts.Length} are given");
        }

        for (int i = 0; i < parts.Length; i++)
        {
            targets[i].Store(frame, Values.Retain(parts[i]));
        }
    }
}
