using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>
/// Parameters and buffers that a program reads from a list too, as recurrent layers do: libtorch's interpreter, which
/// is given tensors by their names, would go on with the file's own in the list.
/// </summary>
internal static class ListedTensors
{
    private const int MostDepth = 100;

    /// <summary>The first attribute that lists a tensor that has a name; null where none does.</summary>
    internal static string? Find(ScriptObject root)
    {
        var named = new HashSet<TensorIdentity>();
        var listed = new List<(string Name, TensorIdentity Tensor)>();
        var seen = new HashSet<ScriptObject>(ReferenceEqualityComparer.Instance);
        Collect(root, string.Empty, 0);
        return listed.Where(pair => named.Contains(pair.Tensor)).Select(pair => pair.Name).FirstOrDefault();

        void Collect(ScriptObject module, string prefix, int depth)
        {
            if (!seen.Add(module) || depth > MostDepth)
            {
                return;
            }

            foreach (var (attribute, value) in module.Attributes)
            {
                if (value is ScriptObject child)
                {
                    Collect(child, $"{prefix}{attribute}.", depth + 1);
                }
                else if (value is Tensor tensor && TensorIdentity.Of(tensor) is { } identity)
                {
                    named.Add(identity);
                }
                else if (value is IEnumerable<object?> items)
                {
                    listed.AddRange(
                        items
                            .OfType<Tensor>()
                            .Select(TensorIdentity.Of)
                            .OfType<TensorIdentity>()
                            .Select(item => (prefix + attribute, item))
                    );
                }
            }
        }
    }
}
