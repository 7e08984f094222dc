using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>An element of a list or a dictionary, or a part of a tensor.</summary>
internal sealed class ElementTarget(SourcePlace place, Node target, Node index, OperationSite tensorStore)
    : Target(place)
{
    /// <inheritdoc/>
    internal override void Store(Frame frame, object? value)
    {
        object? container = target.Evaluate(frame);
        object? key = index.Evaluate(frame);
        switch (container)
        {
            case List<object?> list when key is long position:
                position = position < 0 ? position + list.Count : position;
                if (position < 0 || position >= list.Count)
                {
                    throw Place.Error($"a list of {list.Count} has no element {key}");
                }

                Values.Release(list[(int)position]);
                list[(int)position] = value;
                break;
            case OrderedDictionary<object, object?> dictionary:
                frame.Run.Grow(16);
                dictionary[DictionaryNode.Key(key, Place)] = value;
                break;
            default:
                Values.Release(tensorStore.Invoke(frame.Run, [container, key, value]));
                break;
        }
    }
}
