using CurvatureMonitor.Derivatives.TorchScript;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Looks into archives.</summary>
internal static class ArchiveValues
{
    /// <summary>All tensors of a module by their dotted names, in order.</summary>
    internal static IEnumerable<(string Name, Tensor Tensor)> NamedTensors(ScriptObject module, string prefix = "") =>
        module.Attributes.SelectMany(attribute =>
            attribute.Value switch
            {
                Tensor tensor => [(prefix + attribute.Key, tensor)],
                ScriptObject child => NamedTensors(child, $"{prefix}{attribute.Key}."),
                _ => [],
            }
        );

    /// <summary>Whether type, shape, requires_grad and every bit of the elements agree.</summary>
    internal static bool AreSame(Tensor left, Tensor right) =>
        left.dtype == right.dtype
        && left.shape.SequenceEqual(right.shape)
        && left.requires_grad == right.requires_grad
        && left.detach().contiguous().bytes.SequenceEqual(right.detach().contiguous().bytes);

    /// <summary>A value as text: two archives are equal if their texts are, shared parts among them.</summary>
    internal static string Describe(object? value)
    {
        var seen = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        return Describe(value, seen);
    }

    private static string Describe(object? value, Dictionary<object, int> seen)
    {
        if (value is Tensor or ScriptObject or List<object?> or OrderedDictionary<object, object?>)
        {
            if (seen.TryGetValue(value, out int number))
            {
                return $"#{number}";
            }

            seen.Add(value, seen.Count);
        }

        return value switch
        {
            null => "None",
            Tensor tensor => Describe(tensor),
            ScriptObject item => item.TypeName
                + string.Concat(item.Attributes.Select(a => $"\n{a.Key} = {Describe(a.Value, seen)}")),
            List<object?> list => $"[{string.Join(", ", list.Select(part => Describe(part, seen)))}]",
            object?[] tuple => $"({string.Join(", ", tuple.Select(part => Describe(part, seen)))})",
            OrderedDictionary<object, object?> pairs =>
                $"{{{string.Join(", ", pairs.Select(p => $"{p.Key}: {Describe(p.Value, seen)}"))}}}",
            _ => $"{value.GetType().Name} {value}",
        };
    }

    private static string Describe(Tensor tensor) =>
        $"{tensor.dtype} [{string.Join(",", tensor.shape)}] [{string.Join(",", tensor.stride())}] "
        + $"{tensor.requires_grad} {Convert.ToHexString(tensor.detach().contiguous().bytes)}";
}
