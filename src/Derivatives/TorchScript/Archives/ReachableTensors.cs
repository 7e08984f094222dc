using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The tensors in a value, each once, in the order in which a walk meets them.</summary>
internal static class ReachableTensors
{
    /// <summary>Collects them from a value that has passed <see cref="ValueGraph"/>.</summary>
    internal static List<Tensor> Of(object? value)
    {
        List<Tensor> found = [];
        Collect(value, found, new HashSet<object>(ReferenceEqualityComparer.Instance));
        return found;
    }

    private static void Collect(object? value, List<Tensor> found, HashSet<object> seen)
    {
        if (value is null or string || !seen.Add(value))
        {
            return;
        }

        IEnumerable<object?> parts = value switch
        {
            ScriptObject item => item.Attributes.Values,
            OrderedDictionary<object, object?> pairs => pairs.Values,
            List<object?> list => list,
            object?[] tuple => tuple,
            _ => [],
        };
        foreach (object? part in parts)
        {
            Collect(part, found, seen);
        }

        if (value is Tensor tensor)
        {
            found.Add(tensor);
        }
    }
}
