using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Reads an attribute of an object; its index is looked up once for each class.</summary>
internal sealed class AttributeNode(SourcePlace place, Node target, string name, OperationSite tensorAttribute)
    : Node(place)
{
    private Lookup? _last;

    /// <summary>The object whose attribute it is.</summary>
    internal Node Target { get; } = target;

    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object? value = Target.Evaluate(frame);
        return value switch
        {
            Instance instance => Values.Retain(Read(frame.Run, instance)),

            // The results of operations such as max, sort and topk.
            object?[] { Length: > 0 } tuple when name == "values" => Values.Retain(tuple[0]),
            object?[] { Length: > 1 } tuple when name == "indices" => Values.Retain(tuple[1]),
            _ => tensorAttribute.Invoke(frame.Run, [value]),
        };
    }

    private object? Read(RunState run, Instance instance)
    {
        var found = _last;
        if (found is null || !ReferenceEquals(found.Layout, instance.Layout))
        {
            _last = found = new Lookup(instance.Layout, instance.Layout.IndexOf(name));
        }

        object? value = found.Index >= 0 ? instance.Read(run, found.Index) : Unset.Value;
        if (!ReferenceEquals(value, Unset.Value))
        {
            return value;
        }

        return instance.Layout.Constants.TryGetValue(name, out object? constant)
            ? constant
            : throw Place.Error($"{instance.Layout.Name} has no attribute '{name}'");
    }

    private sealed record Lookup(ClassLayout Layout, int Index);
}
