using System.Collections.Concurrent;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Operations.Schemas;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>Which operations change their first operand, and which results may share memory with it.</summary>
internal static class Aliasing
{
    // Those that the schemas do not tell of.
    private static readonly ConcurrentDictionary<string, bool> Views = new(
        new[] { "prim.data", "data", "T", "mT", "H", "mH", "float", "double", "half", "bfloat16", "pad" }
            .Select(name => KeyValuePair.Create(name, true)),
        StringComparer.Ordinal
    );

    /// <summary>Whether an operation of this name changes its first operand.</summary>
    internal static bool IsInPlace(string name) =>
        (name.EndsWith('_') && !name.EndsWith("__", StringComparison.Ordinal)) || name == "index_store";

    /// <summary>Whether the result may share memory with the first operand.</summary>
    internal static bool IsView(string name) =>
        Views.GetOrAdd(
            name,
            operation =>
                Array.Exists(
                    SchemaTable.Find(operation),
                    schema => schema.Parameters is [{ Type.Alias: { } alias }, ..] && !alias.Contains('!')
                )
        );

    /// <summary>Notes that the result, or each tensor in it, may share memory with the source.</summary>
    internal static void Mark(HeldTensor source, object? result)
    {
        switch (result)
        {
            case HeldTensor held when !ReferenceEquals(held, source):
                held.IsShared = source.IsShared = true;
                held.SharesForeign |= source.SharesForeign;
                break;
            case List<object?> list:
                list.ForEach(item => Mark(source, item));
                break;
            case object?[] tuple:
                Array.ForEach(tuple, item => Mark(source, item));
                break;
            default:
                break;
        }
    }
}
