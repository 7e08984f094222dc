using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>
/// <c>target.name(arguments)</c>: a method of an object of the program, looked up once for each class, or an operation
/// whose first operand is the target.
/// </summary>
internal sealed class MethodNode(
    SourcePlace place,
    Node target,
    string name,
    Node[] arguments,
    string?[] names,
    OperationSite site
) : Node(place)
{
    private Lookup? _last;

    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object? receiver = target.Evaluate(frame);
        if (receiver is Instance instance)
        {
            return Call(frame, instance);
        }

        object?[] values = new object?[arguments.Length + 1];
        values[0] = receiver;
        for (int i = 0; i < arguments.Length; i++)
        {
            values[i + 1] = arguments[i].Evaluate(frame);
        }

        return site.Invoke(frame.Run, values);
    }

    private object? Call(Frame frame, Instance instance)
    {
        var found = _last;
        if (found is null || !ReferenceEquals(found.Layout, instance.Layout))
        {
            _last = found = Find(instance.Layout);
        }

        object?[] values = new object?[found.Function.ParameterCount];
        Array.Fill(values, Unset.Value);
        values[0] = instance;
        for (int i = 0; i < arguments.Length; i++)
        {
            values[found.Positions[i]] = arguments[i].Evaluate(frame);
        }

        return found.Function.Call(frame.Run, values, Place);
    }

    private Lookup Find(ClassLayout layout)
    {
        if (!layout.Methods.TryGetValue(name, out var function))
        {
            throw Place.Error($"{layout.Name} has no method '{name}'");
        }

        return new Lookup(layout, function, ArgumentPositions.Of(function, names, 1, Place));
    }

    private sealed record Lookup(ClassLayout Layout, Function Function, int[] Positions);
}
