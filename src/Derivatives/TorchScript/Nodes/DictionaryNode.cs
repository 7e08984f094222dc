using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Makes a dictionary.</summary>
internal sealed class DictionaryNode(SourcePlace place, (Node Key, Node Value)[] items) : Node(place)
{
    /// <inheritdoc/>
    internal override object? Evaluate(Frame frame)
    {
        frame.Run.Grow(16L * items.Length);
        var dictionary = new OrderedDictionary<object, object?>();
        foreach (var (key, value) in items)
        {
            dictionary[Key(key.Evaluate(frame), key.Place)] = value.Evaluate(frame);
        }

        return dictionary;
    }

    /// <summary>A value that can be a key.</summary>
    internal static object Key(object? value, SourcePlace place) =>
        value is string or long or double or bool
            ? value
            : throw place.Error($"{Values.Kind(value)} cannot be the key of a dictionary");
}
