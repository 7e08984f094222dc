using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>target[index]</c> and slices of it; several subscripts come as a tuple.</summary>
internal sealed class SubscriptNode(SourcePlace place, Node target, Node index, OperationSite site) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        object? container = target.Evaluate(frame);
        object? key = index.Evaluate(frame);
        return container switch
        {
            List<object?> list when key is long position => Values.Retain(list[At(position, list.Count)]),
            object?[] tuple when key is long position => Values.Retain(tuple[At(position, tuple.Length)]),
            OrderedDictionary<object, object?> dictionary => dictionary.TryGetValue(
                DictionaryNode.Key(key, Place),
                out object? value
            )
                ? Values.Retain(value)
                : throw Place.Error($"the dictionary has no {Values.Text(key)}"),
            Instance { Layout.IsTuple: true } named when key is long position => Values.Retain(
                named.Read(frame.Run, At(position, named.Layout.Attributes.Count))
            ),
            _ => site.Invoke(frame.Run, [container, key]),
        };
    }

    private int At(long position, int count)
    {
        long index = position < 0 ? position + count : position;
        return index >= 0 && index < count
            ? (int)index
            : throw Place.Error($"element {position} of {count} does not exist");
    }
}
